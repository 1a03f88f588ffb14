/* SPDX-License-Identifier: MIT */
/*
 * What is said to citizens and officers: wordings by key and language with
 * {placeholders}. A key has one wording or several, the fullest first. Composing looks
 * at those that have all their values; of these at the ones that leave out least of what
 * must be said when it is there: department, dates, hotline, people's own words ({teks}
 * {alasan} {instansi}); and takes the first that fits one segment, else the shortest
 * whole. In that one people's words are cut at a word's end to make it fit; nothing else
 * is.
 *
 * Some keys are not messages but words for one: how a state is called, how an officer's
 * command is typed, what is wrong with it. They have one wording without placeholders.
 *
 * Mails to officers are said whole, in any letters: the first wording that has all its
 * values.
 *
 * Keys for officers stand in the main language only; the others in every language. What
 * each key is said for, and which values it has, is told in conf/texts/id.conf.
 */
#ifndef MODEL_REPLY_TEXT_H
#define MODEL_REPLY_TEXT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/keys.h"
#include "base/str.h"
#include "model/gsm7.h"
#include "model/officer.h"
#include "model/ticket.h"

enum reply_key {
	/* receipts: a complaint has been stored */
	REPLY_ACK_RUTE,
	REPLY_ACK_PERIKSA,
	REPLY_ACK_JAM,
	REPLY_ACK_RAHASIA,
	REPLY_ACK_DARURAT,
	REPLY_ACK_DARURAT_LUAR,
	REPLY_ACK_GABUNG,
	/* questions to the sender */
	REPLY_TANYA_LOKASI,
	REPLY_TANYA_PILIH,
	REPLY_TANYA_OPD,
	REPLY_TANYA_INGAT,
	REPLY_TANYA_LAGI,
	REPLY_PILIH_NOMOR,
	REPLY_YAKIN,
	REPLY_BATAL_OK,
	/* answers to commands */
	REPLY_TAMBAH_OK,
	REPLY_STATUS,
	REPLY_DAFTAR,
	REPLY_DAFTAR_LAIN,
	REPLY_DAFTAR_HABIS,
	REPLY_DAFTAR_KOSONG,
	REPLY_BUKAN_MILIK,
	REPLY_NOMOR_SALAH,
	REPLY_ISI_KOSONG,
	/* the same again, the same from others */
	REPLY_SAMA_SENDIRI,
	REPLY_GABUNG,
	REPLY_BEDA_OK,
	REPLY_BEDA_TIDAK,
	/* what happens with a ticket */
	REPLY_DITERUSKAN,
	REPLY_PINDAH,
	REPLY_LUAR,
	REPLY_PROSES,
	REPLY_KABAR,
	REPLY_JADWAL,
	REPLY_PERPANJANG,
	REPLY_SELESAI,
	REPLY_NAIK,
	REPLY_OMBUDSMAN,
	REPLY_TOLAK,
	REPLY_TUTUP,
	REPLY_DICABUT_DIAM,
	/* ratings */
	REPLY_NILAI,
	REPLY_NILAI_OK,
	REPLY_NILAI_BUKA,
	REPLY_NILAI_FORMAT,
	REPLY_NILAI_BELUM,
	REPLY_NILAI_SUDAH,
	/* commands in another state than theirs */
	REPLY_BUKA_LAGI,
	REPLY_BELUM_SELESAI,
	REPLY_MASIH_JALAN,
	REPLY_SUDAH_DITUTUP,
	REPLY_LEWAT_BUKA,
	REPLY_SUDAH_DITOLAK,
	REPLY_SUDAH_DICABUT,
	REPLY_SUDAH_ARSIP,
	REPLY_INDUK_TUTUP,
	REPLY_SUDAH_DIGABUNG,
	REPLY_BANDING_OK,
	REPLY_CABUT_OK,
	/* secrecy and personal data */
	REPLY_RAHASIA_OK,
	REPLY_RAHASIA_ISI,
	REPLY_PRIVASI,
	REPLY_HAPUS_OK,
	REPLY_HAPUS_TUNDA,
	/* the service itself */
	REPLY_BANTUAN,
	REPLY_BAHASA_OK,
	REPLY_BAHASA_PILIH,
	REPLY_STOP_OK,
	REPLY_STOP_SATU,
	REPLY_MULAI_OK,
	REPLY_MULAI_SATU,
	/* limits, broadcasts, and what opens no ticket */
	REPLY_BATAS,
	REPLY_SIAR,
	REPLY_TERIMAKASIH,
	REPLY_SALAM,
	REPLY_KOSONG,
	/* words for the states, in the order of enum ticket_state */
	REPLY_STATUS_BARU,
	REPLY_STATUS_PERIKSA,
	REPLY_STATUS_TANYA,
	REPLY_STATUS_DITERUSKAN,
	REPLY_STATUS_DIPROSES,
	REPLY_STATUS_DIJADWALKAN,
	REPLY_STATUS_LUAR,
	REPLY_STATUS_SELESAI,
	REPLY_STATUS_DITUTUP,
	REPLY_STATUS_DIGABUNG,
	REPLY_STATUS_DITOLAK,
	REPLY_STATUS_DICABUT,
	REPLY_STATUS_ARSIP,

	/* news for officers */
	REPLY_PET_BARU,
	REPLY_PET_BARU_DARURAT,
	REPLY_PET_BARU_RAHASIA,
	REPLY_PET_BARU_MEJA,
	REPLY_PET_DARURAT_MEJA,
	REPLY_PET_BANYAK,
	REPLY_PET_TAMBAH,
	REPLY_PET_TANPA_JAWAB,
	REPLY_PET_RAHASIA,
	REPLY_PET_KEMBALI,
	REPLY_PET_BANDING,
	REPLY_PET_USULAN,
	REPLY_PET_LEPAS,
	/* their deadlines */
	REPLY_PET_INGAT,
	REPLY_PET_LEWAT,
	REPLY_PET_NAIK,
	REPLY_PET_ANTAR,
	REPLY_PET_UJI,
	REPLY_PET_PIKET_LANJUT,
	REPLY_PET_PIKET_KEPALA,
	REPLY_PET_PIKET_MEJA,
	/* answers to their commands */
	REPLY_PET_OK,
	REPLY_PET_SIAP,
	REPLY_PET_SIAP_MANA,
	REPLY_PET_USUL,
	REPLY_PET_BERHENTI,
	REPLY_PET_PANJANG,
	REPLY_PET_DITOLAK,
	REPLY_PET_STATUS,
	REPLY_PET_ALIH_BATAS,
	/* when it cannot be done so */
	REPLY_PET_DAFTAR,
	REPLY_PET_DAFTAR_KOSONG,
	REPLY_PET_BUKAN_MILIK,
	REPLY_PET_NOMOR_SALAH,
	REPLY_PET_FORMAT,
	REPLY_PET_PILIH,
	REPLY_PET_YAKIN,
	REPLY_PET_BATAL,
	/* PIN and the rest */
	REPLY_PET_PIN,
	REPLY_PET_PIN_SALAH,
	REPLY_PET_PIN_KUNCI,
	REPLY_PET_TANYA_ADUAN,
	REPLY_PET_BANTUAN,
	REPLY_PET_BANTUAN_LAGI,
	REPLY_PET_BANTUAN_SATU,
	/* how each command of theirs is typed, in the order of enum officer_kind */
	REPLY_FORMAT_TERIMA,
	REPLY_FORMAT_PROSES,
	REPLY_FORMAT_JADWAL,
	REPLY_FORMAT_TANYA,
	REPLY_FORMAT_SELESAI,
	REPLY_FORMAT_ALIH,
	REPLY_FORMAT_LUAR,
	REPLY_FORMAT_GABUNG,
	REPLY_FORMAT_TOLAK,
	REPLY_FORMAT_PERPANJANG,
	REPLY_FORMAT_RAHASIA,
	REPLY_FORMAT_DAFTAR,
	REPLY_FORMAT_BANTUAN,
	/* what is wrong with one, in the order of enum officer_fault */
	REPLY_SALAH_NOMOR,
	REPLY_SALAH_INDUK,
	REPLY_SALAH_TANPA_NOMOR,
	REPLY_SALAH_TANPA_INDUK,
	REPLY_SALAH_INDUK_SAMA,
	REPLY_SALAH_TANPA_TANGGAL,
	REPLY_SALAH_TANGGAL_LEWAT,
	REPLY_SALAH_TANPA_HARI,
	REPLY_SALAH_TANPA_OPD,
	REPLY_SALAH_OPD,
	REPLY_SALAH_TANPA_INSTANSI,
	REPLY_SALAH_TANPA_ISI,
	REPLY_SALAH_ISI_PENDEK,
	REPLY_SALAH_TANPA_PIN,
	/* mails to officers: whole, of any length */
	REPLY_SURAT_CARA,
	REPLY_SURAT_SIMPAN,
	REPLY_SURAT_TOLAK,
	REPLY_SURAT_DAFTAR,
	/* what is wrong with a mail of theirs */
	REPLY_SURAT_KOSONG,
	REPLY_SURAT_BANYAK,
	REPLY_SURAT_PINDAH,
	REPLY_SURAT_LANGSUNG,
	REPLY_SURAT_BUKAN_MILIK,
	REPLY_SURAT_BERUBAH,
	REPLY_SURAT_TANPA_PERINTAH,
	REPLY_SURAT_TANPA_ISI,
	REPLY_SURAT_TANPA_TANGGAL,
	REPLY_SURAT_TANGGAL_LEWAT,
	REPLY_SURAT_OPD,
	REPLY_SURAT_OPD_LUAR,
	REPLY_SURAT_OPD_SENDIRI,
	REPLY_SURAT_TANPA_INSTANSI,
	REPLY_SURAT_INDUK,
	REPLY_SURAT_BERHENTI,
	REPLY_SURAT_STATUS,
	REPLY_COUNT
};

enum reply_value {
	VALUE_NO,
	VALUE_OPD,
	VALUE_TGL,
	VALUE_TGL2,
	VALUE_STATUS,
	VALUE_TEKS,
	VALUE_TELP,
	VALUE_N,
	VALUE_OPD2,
	VALUE_ALASAN,
	VALUE_INSTANSI,
	VALUE_INDUK,
	VALUE_ATASAN,
	VALUE_SISA,
	VALUE_PERINTAH,
	VALUE_COUNT
};

const char *reply_key_name(enum reply_key key); /* "ACK_RUTE" */
bool reply_key_read(struct str name, enum reply_key *out);
const char *reply_value_name(enum reply_value value); /* "no" */
/* Said to officers only: not wanted in a language that is not the main one. */
bool reply_key_officer(enum reply_key key);
/* Words for a message, not a message: see reply_words. */
bool reply_key_words(enum reply_key key);
/* Said by mail: no SMS, so of any length and in any letters. */
bool reply_key_mail(enum reply_key key);
/* The placeholders that every wording must name (people's words: the first wording at
 * least): bits 1u << VALUE_…. */
unsigned reply_key_must(enum reply_key key);
/*
 * Characters that the shortest wording must leave for each of its free words, so that
 * they still say something; of words for a message the most septets they may have.
 */
unsigned reply_key_room(enum reply_key key);

enum reply_key reply_state_key(enum ticket_state state);
/* kind: not OFFICER_NONE. */
enum reply_key reply_format_key(enum officer_kind kind);
/* fault: one bit, as officer_fault_first gives it. */
enum reply_key reply_fault_key(unsigned fault);

struct reply_texts; /* one language */

struct reply_lint {
	struct str longest_opd; /* longest department code or short name */
	unsigned no_digits;	/* digits of a ticket number */
	bool citizens_only; /* not the main language: keys for officers may be missing */
};

/*
 * Checks and builds one language from its texts. Problems go one by one to `complain`
 * (line of the text, sentence): unknown key, missing key, unknown placeholder, missing
 * {no}, unbalanced brace, a character outside the 7-bit alphabet, the shortest wording
 * over one segment with the longest values. Returns NULL when there was any (all are
 * reported first).
 */
struct reply_texts *reply_texts_build(const struct key_texts *texts,
				      const struct reply_lint *lint,
				      void (*complain)(void *arg, unsigned line,
						       const char *sentence),
				      void *arg, struct arena *arena);
/* False for an officer's key in a language without it: take the main one. */
bool reply_has(const struct reply_texts *texts, enum reply_key key);
/*
 * values[v].p == NULL: that value is not there, and nor are people's words when they are
 * empty. A wording that names it is passed over when there is another (else it is shown
 * as "-"). An empty text when the key is not there.
 */
struct str reply_compose(const struct reply_texts *texts, enum reply_key key,
			 const struct str values[VALUE_COUNT], struct arena *arena,
			 struct sms_size *size);
/* The same of a mail's key: nothing is cut. p NULL: no room. */
struct str reply_letter(const struct reply_texts *texts, enum reply_key key,
			const struct str values[VALUE_COUNT], struct arena *arena);
/* The words of a key that is no message: reply_words(t, reply_state_key(TICKET_BARU)). */
struct str reply_words(const struct reply_texts *texts, enum reply_key key);

#endif
