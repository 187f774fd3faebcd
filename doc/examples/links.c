/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Says which link of a path loses. On a network that a file describes, or, with the privileges that
 * thrupath-packet has, on the way to a host:
 *
 *     cc links.c $(pkg-config --cflags --libs thrupath) -o links
 *     ./links network.scn        or        ./links www.example.net
 */
#include <stdio.h>
#include <string.h>

#include <thrupath.h>

static int fail(struct thrupath *t)
{
	(void)fprintf(stderr, "links: %s\n", thrupath_error(t));
	thrupath_destroy(t);
	return 1;
}

int main(int argc, char **argv)
{
	struct thrupath_settings settings;
	struct thrupath_summary summary;
	struct thrupath_link link;
	struct thrupath_finding finding;
	struct thrupath *t = thrupath_create();
	const char *where = argc == 2 ? argv[1] : "";
	int is_file = strlen(where) > 4 && strcmp(where + strlen(where) - 4, ".scn") == 0;

	thrupath_settings_default(&settings, sizeof settings);
	settings.rounds = 20;
	if (!(is_file ? thrupath_simulate(t, where, 1) : thrupath_aim(t, where)) ||
	    !thrupath_set(t, &settings, sizeof settings) || !thrupath_begin(t) ||
	    !thrupath_run(t, 0) || !thrupath_look(t, &summary, sizeof summary)) {
		return fail(t);
	}
	printf("%s to %s, %u hops, %llu rounds\n", summary.source, summary.destination,
		summary.hops, (unsigned long long)summary.rounds);
	for (unsigned i = 1; i <= summary.hops; i++) {
		if (thrupath_link(t, i, &link, sizeof link)) {
			printf("link %u to %u: %.1f %% lost (%.1f to %.1f)%s\n", i - 1, i, 100 * link.loss,
				100 * link.low, 100 * link.high, link.is_suspect ? ", suspect" : "");
		} else {
			printf("link %u to %u: not measured\n", i - 1, i);
		}
	}
	for (unsigned i = 0; thrupath_finding(t, i, &finding, sizeof finding); i++) {
		printf("%s: %s\n", finding.id, finding.text);
	}
	thrupath_destroy(t);
	return 0;
}
