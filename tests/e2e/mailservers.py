# SPDX-License-Identifier: MIT
"""Debian's Postfix and Dovecot on loopback, each in a folder of its own with configuration,
queue and mailboxes; nothing of /etc is read or written. Postfix demands STARTTLS and a login
before it takes a mail, and puts it into a Maildir; Dovecot checks logins for both and serves
the same Maildirs by IMAP. Needs root: Postfix's parts change to users of their own.

    with Servers(folder) as s:      s.smtp, s.imap: ports; s.ca: the authority's file
        s.maildir("pupr")           paths of the mails of pupr@dinas.example
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

DOMAIN = "dinas.example"
USERS = {"pupr": "rahasia-pupr", "aduan": "rahasia-aduan", "dinkes": "rahasia-dinkes"}
DEADLINE = 30

SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def wait_for(what, condition, seconds=DEADLINE):
    until = time.monotonic() + seconds
    while not (got := condition()):
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.02)
    return got


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True)


class Keys:
    """An authority, and certificates: good (localhost), elsewhere (another name)."""

    def __init__(self, folder):
        self.folder = folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("ca", "other"):
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", 30, "-subj", f"/CN=Uji {name}", "-keyout", folder / f"{name}.key",
                    "-out", folder / f"{name}.pem")
        self.leaf("good", "ca", "localhost")
        self.leaf("elsewhere", "ca", "mail.example.org")
        self.leaf("stranger", "other", "localhost")

    def leaf(self, name, authority, host):
        f = self.folder
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=mail", "-keyout", f / f"{name}.key", "-out", f / f"{name}.csr")
        (f / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\n")
        openssl("x509", "-req", "-in", f / f"{name}.csr", "-CA", f / f"{authority}.pem", "-CAkey",
                f / f"{authority}.key", "-CAcreateserial", "-days", 30, "-extfile", f / f"{name}.ext",
                "-out", f / f"{name}.pem")

    def __getitem__(self, name):
        return str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")


class Servers:
    def __init__(self, folder, certificate="good"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self.folder, 0o755)
        self.keys = Keys(self.folder / "keys")
        self.ca = str(self.folder / "keys" / "ca.pem")
        self.certificate = certificate
        self.smtp, self.imap, self.imaps = free_port(), free_port(), free_port()
        self.running, self.postfix = [], None
        self.mail = self.folder / "mail"
        self.mail.mkdir()
        shutil.chown(self.mail, "nobody", "nogroup")

    def __enter__(self):
        try:
            self.start_dovecot()
            self.start_postfix()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop_postfix()
        for p in self.running:
            if p.poll() is None:
                p.send_signal(signal.SIGTERM)
        for p in self.running:
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()

    def maildir(self, user):
        box = self.mail / user
        return sorted([*box.glob("new/*"), *box.glob("cur/*")], key=lambda p: p.stat().st_mtime_ns)

    def log(self):
        return "".join((self.folder / name).read_text(errors="replace") for name in ("postfix.log", "dovecot.log")
                       if (self.folder / name).exists())

    def run(self, command):
        with open(self.folder / "out", "ab") as out:
            self.running.append(subprocess.Popen(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL))
        return self.running[-1]

    def start_dovecot(self):
        conf = self.folder / "dovecot.conf"
        cert, key = self.keys[self.certificate]
        (self.folder / "users").write_text("".join(f"{u}:{{PLAIN}}{p}::::::\n" for u, p in USERS.items()))
        conf.write_text(f"""\
base_dir = {self.folder}/dovecot
state_dir = {self.folder}/dovecot-state
log_path = {self.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:{self.mail}/%n
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = dovecot
default_login_user = dovenull
passdb {{
  driver = passwd-file
  args = {self.folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={self.mail}/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = {self.imaps}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {self.folder}/auth {{
    mode = 0666
  }}
}}
service stats {{
  client_limit = 100
}}
""")
        self.run(["/usr/sbin/dovecot", "-F", "-c", conf])
        wait_for("dovecot", lambda: answers(self.imap))

    def start_postfix(self, **more):
        conf = self.folder / "postfix" / "conf"
        cert, key = self.keys[self.certificate]
        data, queue = self.folder / "postfix" / "data", self.folder / "postfix" / "queue"
        for path in (conf, data, queue):
            path.mkdir(parents=True, exist_ok=True)
        shutil.chown(data, "postfix")
        boxes = conf / "boxes"
        boxes.write_text("".join(f"{u}@{DOMAIN} {u}/\n" for u in USERS))
        settings = {
            "compatibility_level": "3.6", "myhostname": "mail." + DOMAIN, "mydestination": "",
            "queue_directory": queue, "data_directory": data,
            "maillog_file": self.folder / "postfix.log", "maillog_file_prefixes": self.folder,
            "mynetworks": "", "inet_protocols": "ipv4", "inet_interfaces": "127.0.0.1",
            "smtpd_tls_security_level": "encrypt", "smtpd_tls_auth_only": "yes", "smtpd_tls_cert_file": cert,
            "smtpd_tls_key_file": key, "smtpd_sasl_auth_enable": "yes", "smtpd_sasl_type": "dovecot",
            "smtpd_sasl_path": self.folder / "auth", "smtpd_relay_restrictions": "permit_sasl_authenticated, reject",
            "virtual_mailbox_domains": DOMAIN, "virtual_mailbox_base": self.mail,
            "virtual_mailbox_maps": f"texthash:{boxes}", "virtual_uid_maps": "static:65534",
            "virtual_gid_maps": "static:65534", "virtual_minimum_uid": "1", "alias_maps": "",
            "smtpd_client_connection_rate_limit": "0", **more}
        (conf / "main.cf").write_text("".join(f"{k} = {v}\n" for k, v in settings.items()))
        (conf / "master.cf").write_text(SERVICES.format(port=self.smtp))
        self.postfix = self.run(["/usr/sbin/postfix", "-c", conf, "start-fg"])
        wait_for("postfix", lambda: answers(self.smtp))

    def stop_postfix(self):
        """By its own means: what was started is a script, its master another process."""
        if self.postfix:
            subprocess.run(["/usr/sbin/postfix", "-c", self.folder / "postfix" / "conf", "stop"], capture_output=True)
            self.postfix.wait(20)
            self.postfix = None
