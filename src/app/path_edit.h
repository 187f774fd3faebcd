/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_APP_PATH_EDIT_H
#define THRUPATH_APP_PATH_EDIT_H

#include "app/app.h"
#include "view/edit.h"

/*
 * What the path editor's words mean to the run: judged while they are typed, taken when they
 * are applied. The rules are those of the command line.
 */

/* An edit_check_fn; arg is the app. */
edit_check_fn path_edit_check;

/* The first name in it that nobody was asked for yet; false: there is none. */
bool path_edit_unknown(const struct app *, const struct edit_path *, char ret_name[EDIT_TEXT]);

/* What would be probed, by the rules of the command line. */
NODISCARD bool path_edit_read(const struct app *, const struct edit_path *,
	struct target *ret_target, struct engine_path *ret_path, struct err *err);

/* Probes that path from now on. What path_edit_unknown() tells of would be asked for here, and
 * waited for. */
NODISCARD bool path_edit_apply(struct app *, const struct edit_path *, struct err *err);

#endif
