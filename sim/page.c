/* SPDX-License-Identifier: MIT */
/* The handset page, carried inside the program. */
#include "sim.h"

__asm__(".section .rodata\n"
	".global sim_page, sim_page_end\n"
	"sim_page:\n"
	".incbin \"sim/page.html\"\n"
	"sim_page_end:\n"
	".byte 0\n"
	".previous\n");
