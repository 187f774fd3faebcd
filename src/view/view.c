/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/view.h"

#include "base/i18n.h"
#include "view/layout.h"

static const struct view views[UI_VIEW_COUNT] = {
	[UI_VIEW_TABLE] = {N_("table"), VIEW_CURSOR_HOPS, NULL, view_table_draw},
	[UI_VIEW_HOP] = {N_("hop"), VIEW_CURSOR_LINES, view_hop_lines, NULL},
	[UI_VIEW_LINKS] = {N_("links"), VIEW_CURSOR_HOPS, view_links_lines, NULL},
	[UI_VIEW_WAYS] = {N_("ways"), VIEW_CURSOR_HOPS, view_ways_lines, NULL},
	[UI_VIEW_CHART] = {N_("chart"), VIEW_CURSOR_HOPS, NULL, view_chart_draw},
	[UI_VIEW_FLOWS] = {N_("flows"), VIEW_CURSOR_HOPS, view_flows_lines, NULL},
	[UI_VIEW_FINDINGS] = {N_("findings"), VIEW_CURSOR_FINDINGS, view_findings_lines, NULL},
	[UI_VIEW_LOG] = {N_("log"), VIEW_CURSOR_LINES, view_log_lines, NULL},
};

const struct view *view_get(enum ui_view view)
{
	return &views[view];
}

size_t view_last_top(const struct snapshot *snap, const struct ui_state *state)
{
	struct view_in in = {snap, state, state->width > 1 ? state->width - 1 : 79, state->is_ascii};
	size_t rows = layout_frame(state->height).rows, count;
	struct lines lines = {0};

	views[state->view].lines(&in, &lines);
	count = lines.count;
	lines_finish(&lines);
	return layout_last_top(count, rows);
}

unsigned view_item(enum ui_view view, const struct snapshot *snap, const struct ui_state *state)
{
	unsigned count = (unsigned)view_finding_count(snap);

	switch (views[view].cursor) {
	case VIEW_CURSOR_HOPS:
		return state->selected > snap->hop_count ? (unsigned)snap->hop_count :
			state->selected;
	case VIEW_CURSOR_FINDINGS:
		return state->finding > count ? count : state->finding;
	case VIEW_CURSOR_LINES:
		break;
	}
	return 0;
}
