/* SPDX-License-Identifier: MIT */
/* The file of certificate authorities that a provider is trusted by. */
#ifndef CONFIG_CA_FILE_H
#define CONFIG_CA_FILE_H

#include "base/err.h"

/* ERR_CONFIG unless the file can be read and holds a certificate as PEM. */
int ca_file_check(const char *path, struct err *err) MUST_CHECK;

#endif
