/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void ignore(void *arg, const uint8_t *bytes, size_t len, ns_t arrival,
	const struct sim_identity *probe)
{
	(void)arg;
	(void)bytes;
	(void)len;
	(void)arrival;
	(void)probe;
}

/* Reads any bytes as a scenario; a small one that is accepted must also make a network. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct scenario scenario;
	struct err err = {0};
	/* A copy of the exact size, so that a read beyond it is seen. */
	char *text = malloc(len > 0 ? len : 1);

	if (text == NULL) {
		return 0;
	}
	if (len > 0) {
		memcpy(text, bytes, len);
	}
	if (scenario_parse("fuzz", text, len, &scenario, &err)) {
		if (scenario.node_count < 50) {
			struct sim *sim = sim_create(&scenario, 0);

			sim_run_until(sim, 1000 * NS_PER_SEC, ignore, NULL);
			sim_destroy(sim);
		}
		scenario_finish(&scenario);
	}
	free(text);
	return 0;
}
