/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_RUN_GEODATA_H
#define THRUPATH_RUN_GEODATA_H

#include "names/mmdb.h"

/*
 * The MMDB files of a run: those that were named, or the first that serve in the places where
 * their makers' tools put them. What is wrong with one is told once, and the run goes on.
 */
enum { GEODATA_FILES = 2 };

struct geodata {
	struct mmdb *networks, *places;  /* NULL: there is none */
	struct {
		char path[160];
		char fault[220];            /* a sentence; "": nothing is wrong */
		bool is_told;
	} files[GEODATA_FILES];
};

/* A file each, "none", or NULL: the usual places are searched. */
void geodata_open(struct geodata *, const char *networks, const char *places);
void geodata_close(struct geodata *);

/* The next fault that was not told yet, or NULL; borrowed until geodata_close(). */
const char *geodata_fault(struct geodata *);

#endif
