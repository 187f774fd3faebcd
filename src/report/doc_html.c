/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/escape.h"
#include "report/doc.h"
#include "report/svg.h"

/* Nothing is fetched and nothing runs: a reader is told so as well. Colours follow the reader's
 * choice of light or dark, and what warns is bold besides. */
static const char STYLE[] =
	":root{color-scheme:light dark;--text:#1b1f24;--dim:#68707a;--line:#d5dae0;--back:#fff;"
	"--good:#1a7f37;--warn:#9a6700;--alarm:#cf222e;--a:#0969da;--b:#8c959f}\n"
	"@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9198a1;--line:#3d444d;"
	"--back:#0d1117;--good:#3fb950;--warn:#d29922;--alarm:#ff7b72;--a:#4493f8;--b:#656c76}}\n"
	"body{margin:2rem auto;max-width:72rem;padding:0 1rem;background:var(--back);"
	"color:var(--text);font:15px/1.45 system-ui,sans-serif}\n"
	"h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums}\n"
	"th,td{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:right;"
	"white-space:nowrap}\n"
	"th{color:var(--dim);font-weight:600}.l{text-align:left}\n"
	".wide{overflow-x:auto}dl{display:grid;grid-template-columns:max-content auto;gap:.2rem 1rem}\n"
	"dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}\n"
	"ul{padding-left:0;list-style:none}li{display:flex;margin:.3rem 0}li b{flex:none;"
	"width:1.2rem}\n"
	".good{color:var(--good)}.warn{color:var(--warn);font-weight:600}"
	".alarm{color:var(--alarm);font-weight:700}"
	".dim{color:var(--dim)}.note{color:var(--a)}\n"
	".charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(21rem,1fr));gap:1rem}\n"
	"figure{margin:0}figcaption{font-size:.85rem;overflow-wrap:anywhere}\n"
	"svg{width:100%;height:auto}svg text{fill:var(--dim);font-size:10px}"
	"svg text.t{fill:var(--text);font-size:12px}\n"
	".axis{stroke:var(--line)}.a{stroke:var(--a);fill:none;stroke-width:1.5}"
	".b{stroke:var(--b);fill:none}.da{fill:var(--a)}.db{fill:var(--b)}\n"
	".x{stroke:var(--alarm);stroke-width:2}.shared{stroke:var(--good);stroke-width:3}"
	".way{stroke:var(--a);stroke-width:2}.part{stroke:var(--warn);stroke-width:2}"
	".turn{stroke:var(--b);stroke-width:2;stroke-dasharray:4 4}\n"
	"@media print{body{margin:0;max-width:none}h2,figure,tr{break-inside:avoid}}\n";

static const char *class_of(enum role role)
{
	switch (role) {
	case ROLE_GOOD:
		return "good";
	case ROLE_WARNING:
		return "warn";
	case ROLE_NOTICE:
		return "note";
	case ROLE_ALARM:
	case ROLE_ALARM_TEXT:
		return "alarm";
	case ROLE_DIM:
		return "dim";
	case ROLE_NORMAL:
	case ROLE_TITLE:
	case ROLE_HEADING:
	case ROLE_SELECTED:
	case ROLE_TAB:
	case ROLE_KEY:
	case ROLE_SERIES_A:
	case ROLE_SERIES_B:
	case ROLE_SERIES_C:
	case ROLE_SERIES_D:
	case ROLE_MARK:
	case ROLE_COUNT:
		break;
	}
	return "";
}

static void put_element(struct doc *doc, const char *open, const char *text, const char *close)
{
	strbuf_puts(doc->out, open);
	escape_xml(doc->out, text);
	strbuf_puts(doc->out, close);
}

static void html_begin(struct doc *doc, const char *title)
{
	strbuf_puts(doc->out, "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	put_element(doc, "<title>", title, "</title>\n");
	strbuf_printf(doc->out, "<style>\n%s</style>\n</head>\n<body>\n", STYLE);
	put_element(doc, "<h1>", title, "</h1>\n");
}

static void html_end(struct doc *doc)
{
	strbuf_puts(doc->out, "</body>\n</html>\n");
}

static void html_heading(struct doc *doc, const char *text)
{
	put_element(doc, "<h2>", text, "</h2>\n");
}

static void html_line(struct doc *doc, const char *text)
{
	put_element(doc, "<p>", text, "</p>\n");
}

static void html_code(struct doc *doc, const char *text)
{
	put_element(doc, "<pre>", text, "</pre>\n");
}

static void open_list(struct doc *doc, const char *tag)
{
	strbuf_puts(doc->out, doc->is_open ? "" : tag);
	doc->is_open = true;
}

static void html_item(struct doc *doc, enum role role, const char *sign, const char *text)
{
	open_list(doc, "<ul>\n");
	strbuf_printf(doc->out, "<li><b class=\"%s\">", class_of(role));
	put_element(doc, "", sign, "</b><span>");
	put_element(doc, "", text, "</span></li>\n");
}

static void html_items_end(struct doc *doc)
{
	strbuf_puts(doc->out, doc->is_open ? "</ul>\n" : "");
	doc->is_open = false;
}

static void html_fact(struct doc *doc, const char *label, const char *text)
{
	open_list(doc, "<dl>\n");
	put_element(doc, "<dt>", label, "</dt>");
	put_element(doc, "<dd>", text, "</dd>\n");
}

static void html_facts_end(struct doc *doc)
{
	strbuf_puts(doc->out, doc->is_open ? "</dl>\n" : "");
	doc->is_open = false;
}

static void html_table(struct doc *doc, size_t columns)
{
	doc->columns = columns;
	strbuf_puts(doc->out, "<div class=\"wide\"><table>\n<tr>");
}

static void html_head(struct doc *doc, const char *text, bool is_left)
{
	put_element(doc, is_left ? "<th class=\"l\">" : "<th>", text, "</th>");
}

static void html_row(struct doc *doc)
{
	strbuf_puts(doc->out, "</tr>\n<tr>");
}

static void html_cell(struct doc *doc, enum role role, const char *text, bool is_left)
{
	const char *class = class_of(role);

	strbuf_puts(doc->out, "<td");
	if (is_left || class[0] != '\0') {
		strbuf_printf(doc->out, " class=\"%s%s%s\"", is_left ? "l" : "",
			is_left && class[0] != '\0' ? " " : "", class);
	}
	put_element(doc, ">", text, "</td>");
}

static void html_table_end(struct doc *doc)
{
	strbuf_puts(doc->out, "</tr>\n</table></div>\n");
}

static void html_charts(struct doc *doc, const struct snapshot *snap)
{
	svg_charts(snap, doc->out);
}

static void html_ladder(struct doc *doc, const struct snapshot *snap, const struct snap_way *way)
{
	svg_ladder(snap, way, doc->out);
}

static const struct doc_ops ops = {
	.begin = html_begin,
	.end = html_end,
	.heading = html_heading,
	.line = html_line,
	.code = html_code,
	.item = html_item,
	.items_end = html_items_end,
	.fact = html_fact,
	.facts_end = html_facts_end,
	.table = html_table,
	.head = html_head,
	.row = html_row,
	.cell = html_cell,
	.table_end = html_table_end,
	.charts = html_charts,
	.ladder = html_ladder,
};

struct doc doc_html(struct strbuf *out)
{
	return (struct doc){.ops = &ops, .out = out};
}
