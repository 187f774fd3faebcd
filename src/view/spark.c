/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/spark.h"

#include "base/ns.h"

enum { LEVELS = 8 };

static const char *const blocks[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const digits[LEVELS] = {"1", "2", "3", "4", "5", "6", "7", "8"};

double spark_scale_ms(const struct snapshot *snap, enum column_source source)
{
	double most = 0.0;

	for (size_t i = 0; i < snap->hop_count; i++) {
		const struct snap_stats *stats = column_stats(source, &snap->hops[i]);

		/* Where nothing came through the hop its replies stand for it. */
		stats = stats == NULL ? column_stats(COLUMN_TO, &snap->hops[i]) : stats;
		if (stats != NULL && stats->has_rtt && stats->p95_ms > most) {
			most = stats->p95_ms;
		}
	}
	return most * 1.5;
}

static size_t level(double ms, double scale_ms)
{
	double share = scale_ms > 0.0 ? ms / scale_ms * (double)LEVELS : 0.0;

	return share >= (double)LEVELS - 1 ? LEVELS - 1 : share > 0.0 ? (size_t)share : 0;
}

void spark_draw(struct canvas *canvas, size_t x, size_t y, size_t columns,
	const struct snap_stats *stats, double scale_ms)
{
	size_t count = stats->history_count;
	size_t first = count > columns ? count - columns : 0;

	for (size_t i = first; i < count; i++) {
		const struct snap_sample *sample = &stats->history[i];
		const char *text = " ";
		enum role role = ROLE_NORMAL;

		switch (sample->cell) {
		case SNAP_CELL_NONE:
			break;
		case SNAP_CELL_PENDING:
			text = "?";
			role = ROLE_DIM;
			break;
		case SNAP_CELL_ANSWERED:
			text = (canvas->is_ascii ? digits : blocks)[
				level(ns_to_ms(sample->rtt), scale_ms)];
			break;
		case SNAP_CELL_LOST:
			text = "x";
			role = ROLE_WARNING;
			break;
		case SNAP_CELL_ERROR:
			text = "!";
			role = ROLE_WARNING;
			break;
		}
		(void)canvas_put(canvas, x + (i - first), y, 1, role, text);
	}
}
