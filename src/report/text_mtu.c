/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text_mtu.h"

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/mtu.h"

static void put_ends(const struct snap_mtu *mtu, struct strbuf *buf)
{
	strbuf_printf(buf, "%s > %s", mtu->from == NULL ? "?" : mtu->from,
		mtu->to == NULL ? "?" : mtu->to);
}

static void put_row(const struct snap_mtu *mtu, size_t columns, struct strbuf *buf)
{
	struct strbuf text = {0};

	strbuf_printf(&text, "%u-%u", mtu->from_hop, mtu->link);
	strbuf_left(buf, strbuf_text(&text), 7);
	strbuf_clear(&text);
	put_ends(mtu, &text);
	strbuf_left(buf, strbuf_text(&text), columns);
	for (int is_back = 0; is_back < 2; is_back++) {
		strbuf_clear(&text);
		mtu_bytes(mtu, is_back == 1, &text);
		strbuf_right(buf, strbuf_text(&text), 8);
	}
	strbuf_clear(&text);
	mtu_remark(mtu, &text);
	if (text.len > 0) {
		strbuf_printf(buf, "  %s", strbuf_text(&text));
	}
	strbuf_putc(buf, '\n');
	strbuf_finish(&text);
}

void text_mtu(const struct snapshot *snap, struct strbuf *buf)
{
	size_t columns = utf8_width(_("From > to"));

	if (snap->mtu_count == 0) {
		return;
	}
	for (size_t i = 0; i < snap->mtu_count; i++) {
		struct strbuf text = {0};

		put_ends(&snap->mtus[i], &text);
		columns = text.len > columns ? text.len : columns;
		strbuf_finish(&text);
	}
	strbuf_printf(buf, "\n%s\n", mtu_heading());
	strbuf_left(buf, _("Hops"), 7);
	strbuf_left(buf, _("From > to"), columns);
	strbuf_right(buf, _("Out"), 8);
	strbuf_right(buf, _("Back"), 8);
	strbuf_putc(buf, '\n');
	for (size_t i = 0; i < snap->mtu_count; i++) {
		put_row(&snap->mtus[i], columns, buf);
	}
}

static void put_cells(struct doc *doc, const struct snap_mtu *mtu)
{
	enum role role = mtu->is_black_hole ? ROLE_WARNING : ROLE_NORMAL;
	struct strbuf text = {0};

	doc->ops->row(doc);
	strbuf_printf(&text, "%u-%u", mtu->from_hop, mtu->link);
	doc->ops->cell(doc, ROLE_NORMAL, strbuf_text(&text), true);
	doc->ops->cell(doc, ROLE_NORMAL, mtu->from == NULL ? "?" : mtu->from, true);
	doc->ops->cell(doc, ROLE_NORMAL, mtu->to == NULL ? "?" : mtu->to, true);
	for (int is_back = 0; is_back < 2; is_back++) {
		strbuf_clear(&text);
		mtu_bytes(mtu, is_back == 1, &text);
		doc->ops->cell(doc, role, strbuf_text(&text), false);
	}
	strbuf_clear(&text);
	mtu_remark(mtu, &text);
	doc->ops->cell(doc, role, strbuf_text(&text), true);
	strbuf_finish(&text);
}

void doc_mtu(struct doc *doc, const struct snapshot *snap)
{
	if (snap->mtu_count == 0) {
		return;
	}
	doc->ops->heading(doc, mtu_heading());
	doc->ops->table(doc, 6);
	doc->ops->head(doc, _("Hops"), true);
	doc->ops->head(doc, _("From"), true);
	doc->ops->head(doc, _("To"), true);
	doc->ops->head(doc, _("Out"), false);
	doc->ops->head(doc, _("Back"), false);
	doc->ops->head(doc, _("Remark"), true);
	for (size_t i = 0; i < snap->mtu_count; i++) {
		put_cells(doc, &snap->mtus[i]);
	}
	doc->ops->table_end(doc);
}
