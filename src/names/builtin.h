/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_NAMES_BUILTIN_H
#define THRUPATH_NAMES_BUILTIN_H

#include <stddef.h>

/* The files of data/names, one after the other; builtin.c is written from them by make. */
extern const unsigned char names_builtin[];
extern const size_t names_builtin_size;

#endif
