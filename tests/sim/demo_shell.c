/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/netns.h"

/* For people: runs a command within a scenario's private world.
 *   demo_shell FILE.scn [-t TRUTH] COMMAND [ARGUMENT...] */
int main(int argc, char **argv)
{
	struct netns_options options = {0};
	struct scenario scenario;
	struct netns_demo demo;
	struct err err = {0};
	int first = 2, status = 0;
	pid_t child;

	if (argc > 4 && strcmp(argv[2], "-t") == 0) {
		options.truth_file = argv[3];
		first = 4;
	}
	if (argc <= first) {
		(void)fprintf(stderr, "usage: demo_shell FILE.scn [-t TRUTH] COMMAND...\n");
		return 2;
	}
	if (!scenario_load(argv[1], &scenario, &err) ||
	    !netns_demo_start(&scenario, &options, &demo, &err)) {
		(void)fprintf(stderr, "demo_shell: %s\n", err.text);
		return err.code == ERR_PERMISSION ? 77 : 3;
	}
	child = fork();
	if (child == 0) {
		(void)execvp(argv[first], argv + first);
		_exit(127);
	}
	(void)waitpid(child, &status, 0);
	netns_demo_stop(&demo);
	scenario_finish(&scenario);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}
