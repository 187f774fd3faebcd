/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/hints_json.h"

enum { DIGITS_PERCENT = 2 };

static void write_known(struct writer *w, const char *key, const char *text)
{
	write_str(w, key, text[0] == '\0' ? NULL : text);
}

static void write_place(struct writer *w, const struct place *place)
{
	write_obj(w, "place");
	write_str(w, "token", place->token);
	write_str(w, "kind", place_kind_name(place->kind));
	write_str(w, "city", place->city);
	write_str(w, "country", place->country);
	write_real(w, "lat", place->lat / 100.0, DIGITS_DEGREES);
	write_real(w, "lon", place->lon / 100.0, DIGITS_DEGREES);
	write_real(w, "confidence", place->percent / 100.0, DIGITS_PERCENT);
	write_end(w);
}

void write_hints(struct writer *w, const struct hints *hints)
{
	write_known(w, "operator", hints->operator);
	write_known(w, "router", hints->router);
	if (hints->place_count > 0) {
		write_place(w, &hints->places[0]);
	}
	if (hints->port.type != PORT_NONE) {
		write_obj(w, "interface");
		write_str(w, "token", hints->port.token);
		write_str(w, "type", port_type_name(hints->port.type));
		if (hints->port.speed_mbps > 0) {
			write_uint(w, "speed_mbps", hints->port.speed_mbps);
		}
		write_known(w, "vendor", hints->port.vendor);
		write_known(w, "slot", hints->port.slot);
		write_known(w, "unit", hints->port.unit);
		write_end(w);
	}
	write_known(w, "role", router_role_name(hints->role));
	write_known(w, "other_party", hints->other_party);
	write_known(w, "relation", relation_name(hints->relation));
}
