/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_ATLAS_ATLAS_H
#define THRUPATH_ATLAS_ATLAS_H

#include "infer/facts.h"
#include "model/session.h"
#include "names/hints.h"
#include "names/network.h"
#include "names/place.h"

/*
 * What names, tables and databases say of the addresses and hops of a path. It is told in notes,
 * one for each thing that becomes known of an address; a recording holds the notes, so that a
 * replay knows the same at the same time. Reads a name once, when it comes. Told the same in the
 * same order, it says the same: it has no clock, and looks nothing up by itself.
 */
struct table;
struct atlas;

/* Whoever knows. What is not known yet is asked for again with the next atlas_ask(). */
struct atlas_source {
	/* NULL: none; borrowed until the next one is asked for. */
	const char *(*name_of)(void *arg, const struct addr *);
	void *name_arg;
	bool (*network_of)(void *arg, const struct addr *, struct network *ret_network);
	bool (*place_of)(void *arg, const struct addr *, struct place *ret_place);
	void *arg;                   /* of both */
};

enum atlas_kind {
	ATLAS_NAME,
	ATLAS_NETWORK,               /* that announces the address */
	ATLAS_PLACE                  /* that a database has for it */
};

enum { ATLAS_NAME_MAX = 256, ATLAS_MAX = 4096 };

struct atlas_note {
	enum atlas_kind kind;
	struct addr address;
	char name[ATLAS_NAME_MAX];
	struct network network;
	struct place place;
};

/* `table`: by which names are read; NULL: they are not. Borrowed. `here`: where the prober stands,
 * if somebody said so; else it is where a database has its address. */
struct atlas *atlas_create(const struct table *, struct spot here);
void atlas_destroy(struct atlas *);

/* Foreign text is cleaned. False: that was known already, says nothing, or finds no room. */
bool atlas_take(struct atlas *, const struct atlas_note *);

/* Asks for what is wanted of the addresses of the session, and takes it. Each note that it took is
 * told. Returns whether there was any. Parts of the source may be NULL. */
typedef void atlas_told_fn(void *arg, const struct atlas_note *);
bool atlas_ask(struct atlas *, const struct atlas_source *, const struct session *,
	atlas_told_fn *, void *arg);
/* Whether there are addresses of hops, or of the way back, that were not asked about. */
bool atlas_lacks(const struct atlas *, const struct session *);

/* Reads the hops anew if an address, a name or a fastest answer is another; whether one was. */
bool atlas_follow(struct atlas *, const struct session *);
/* As of the last atlas_follow(); borrowed, and changed by the next one. */
const struct path_facts *atlas_facts(const struct atlas *);

/* What one hop's name says in the company of the others. */
struct atlas_hop {
	struct addr address;
	struct hints hints;
	struct place place;          /* that fits the path: one of its hints, or a database's; or
	                              * PLACE_NONE */
	struct addr mate;            /* the other end of its link, where that has a name */
};

/* Of hops[k], which must still have the address that was read; else NULL. */
const struct atlas_hop *atlas_hop(const struct atlas *, const struct session *, size_t k);

/* Of any address; NULL: not known. */
const char *atlas_name(const struct atlas *, const struct addr *);
const struct hints *atlas_hints(const struct atlas *, const struct addr *); /* by itself */
const struct network *atlas_network(const struct atlas *, const struct addr *);
const struct place *atlas_place(const struct atlas *, const struct addr *);
bool atlas_has_networks(const struct atlas *);

#endif
