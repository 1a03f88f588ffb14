/* SPDX-License-Identifier: MIT */
/* Files carried inside the program: schema steps, the sample configuration, the examples.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

struct embedded_file {
	const char *path;	 /* as in the source tree, "conf/departments.conf" */
	const char *begin, *end; /* a NUL follows end */
};

/* Ends with path NULL. */
extern const struct embedded_file embedded_files[];

#endif
