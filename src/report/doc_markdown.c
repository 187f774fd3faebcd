/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"
#include "report/doc.h"

static void put_line(struct doc *doc, const char *before, const char *text)
{
	strbuf_puts(doc->out, before);
	escape_markdown(doc->out, text);
	strbuf_putc(doc->out, '\n');
}

static void md_begin(struct doc *doc, const char *title)
{
	put_line(doc, "# ", title);
}

static void md_end(struct doc *doc)
{
	(void)doc;
}

static void md_heading(struct doc *doc, const char *text)
{
	put_line(doc, "\n## ", text);
}

static void md_line(struct doc *doc, const char *text)
{
	put_line(doc, "\n", text);
}

/* As it is: in indented code nothing is markup (CommonMark 4.4). */
static void md_code(struct doc *doc, const char *text)
{
	strbuf_printf(doc->out, "\n    %s\n", text);
}

/* A list begins behind an empty line. */
static void put_item(struct doc *doc)
{
	strbuf_puts(doc->out, doc->is_open ? "- " : "\n- ");
	doc->is_open = true;
}

static void md_item(struct doc *doc, enum role role, const char *sign, const char *text)
{
	put_item(doc);
	if (role == ROLE_ALARM || role == ROLE_WARNING) {
		strbuf_printf(doc->out, "**%s** ", sign);
	}
	put_line(doc, "", text);
}

static void md_list_end(struct doc *doc)
{
	doc->is_open = false;
}

static void md_fact(struct doc *doc, const char *label, const char *text)
{
	put_item(doc);
	strbuf_puts(doc->out, "**");
	escape_markdown(doc->out, label);
	put_line(doc, "**: ", text);
}

static void md_table(struct doc *doc, size_t columns)
{
	doc->columns = columns;
	doc->lefts = 0;
	doc->is_open = true;
	strbuf_puts(doc->out, "\n|");
}

static void md_head(struct doc *doc, const char *text, bool is_left)
{
	/* The columns so far are those that have their bit, and a leading one. */
	doc->lefts = doc->lefts << 1 | is_left;
	strbuf_putc(doc->out, ' ');
	escape_markdown(doc->out, text);
	strbuf_puts(doc->out, " |");
}

/* Below the headings stands how the columns are set. */
static void md_row(struct doc *doc)
{
	if (doc->is_open) {
		strbuf_puts(doc->out, "\n|");
		for (size_t i = doc->columns; i-- > 0;) {
			strbuf_puts(doc->out, (doc->lefts >> i & 1) != 0 ? " --- |" : " ---: |");
		}
		doc->is_open = false;
	}
	strbuf_puts(doc->out, "\n|");
}

static void md_cell(struct doc *doc, enum role role, const char *text, bool is_left)
{
	const char *mark = role == ROLE_ALARM ? "**" : "";

	(void)is_left;
	strbuf_printf(doc->out, " %s", mark);
	escape_markdown(doc->out, text);
	strbuf_printf(doc->out, "%s |", mark);
}

static void md_table_end(struct doc *doc)
{
	strbuf_putc(doc->out, '\n');
	doc->is_open = false;
}

static const struct doc_ops ops = {
	.begin = md_begin,
	.end = md_end,
	.heading = md_heading,
	.line = md_line,
	.code = md_code,
	.item = md_item,
	.items_end = md_list_end,
	.fact = md_fact,
	.facts_end = md_list_end,
	.table = md_table,
	.head = md_head,
	.row = md_row,
	.cell = md_cell,
	.table_end = md_table_end,
};

struct doc doc_markdown(struct strbuf *out)
{
	return (struct doc){.ops = &ops, .out = out};
}
