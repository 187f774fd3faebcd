/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/hostname_int.h"

#include <stdio.h>
#include <string.h>

/* What follows "peer", "cust", "transit" as labels or beside a party. */
static enum relation relation_of(const struct name *name)
{
	static const struct {
		const char *word;
		enum relation relation;
	} words[] = {{"customer", RELATION_CUSTOMER}, {"cust", RELATION_CUSTOMER},
		{"demarc", RELATION_CUSTOMER}, {"peer", RELATION_PEER}, {"peering", RELATION_PEER},
		{"pni", RELATION_PEER}, {"transit", RELATION_TRANSIT}, {"upstream", RELATION_TRANSIT}};

	for (size_t i = 0; i < name->field_count; i++) {
		for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
			if (run_is(&name->fields[i], 0, words[k].word)) {
				return words[k].relation;
			}
		}
	}
	return RELATION_NONE;
}

/* What speaks for a first label being someone else's name. */
struct party {
	size_t first, end;    /* fields of the name itself */
	size_t label_end;     /* its words gw, ic and its number included */
	bool is_sure;         /* a known network, an AS number, or "gw" behind it */
	bool is_network;      /* a known network or AS number */
};

static bool is_as_number(const struct field *field)
{
	return field->run_count == 2 && run_is(field, 0, "as") && field->runs[1].is_digits &&
		field->runs[1].len >= 2;
}

/* "gw", "ic" behind a name mean the port towards it. */
static bool is_port_word(const struct field *field)
{
	static const char *const words[] = {"gw", "ic", "peer", "router", "pni", "gate"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (run_is(field, 0, words[i]) && field->run_count <= 2) {
			return true;
		}
	}
	return false;
}

static bool is_strange_word(const struct name *name, const struct field *field)
{
	return field_is_word(field) && field->len >= 3 && role_of(name, field) == NULL &&
		field_find(name, field, ROW_PLANT) == NULL &&
		field_find(name, field, ROW_ACCESS) == NULL && !field_is_place(name, field);
}

/* Does the label look like someone else's name? Letters, no place, no role; an AS number; a
 * known network. */
static bool read_party(const struct name *name, size_t first, struct party *party)
{
	const struct field *fields = name->fields;
	size_t len;

	*party = (struct party){.first = first, .end = first};
	while (party->end < name->field_count && fields[party->end].label == fields[first].label &&
	       (fields[party->end].use == USE_NONE || fields[party->end].use == USE_NUMBER)) {
		party->end++;
	}
	if (party->end == first) {
		return false;
	}
	party->label_end = party->end;
	len = (size_t)(fields[party->end - 1].text + fields[party->end - 1].len - fields[first].text);
	if (table_find(name->table, fields[first].text, len, ROW_NETWORK) != NULL) {
		party->is_sure = party->is_network = true;
		return true;
	}
	while (party->end > first + 1 && (field_is_digits(&fields[party->end - 1]) ||
	       is_port_word(&fields[party->end - 1]))) {
		party->end--;
		party->is_sure = party->is_sure || is_port_word(&fields[party->end]);
	}
	if (field_find(name, &fields[first], ROW_NETWORK) != NULL || is_as_number(&fields[first]) ||
	    (field_is_digits(&fields[first]) && party->end == first + 1 && fields[first].len >= 4)) {
		size_t rest = first + 1;

		/* etisalat-afghanistan is one name; what follows xo in xo-as15-as2828 is not. */
		while (rest < party->end && is_strange_word(name, &fields[rest])) {
			rest++;
		}
		party->is_sure = party->is_network = true;
		party->end = rest == party->label_end ? rest : first + 1;
		return true;
	}
	for (size_t i = first; i < party->end; i++) {
		bool is_long = party->end - first >= 3 && field_is_word(&fields[i]) &&
			name->port_first == party->label_end && name->port_end > name->port_first &&
			fields[name->port_first].label > fields[first].label;

		if (!is_long && !is_strange_word(name, &fields[i])) {
			return false;
		}
	}
	return true;
}

/* Is anything in the fields from `first` on a router's own name: a role or a place with its
 * number? */
static bool has_router_after(const struct name *name, size_t first)
{
	for (size_t i = first; i < name->field_count; i++) {
		const struct field *field = &name->fields[i];

		if (field->use == USE_NONE && field->run_count >= 2) {
			return true;
		}
	}
	return false;
}

/* de-cix, linx-lon1, decix: the exchange in the first label. */
static size_t exchange_end(const struct name *name)
{
	const struct field *first = &name->fields[0];
	size_t len;

	if (name->field_count == 0 || first->use != USE_NONE || name->port_end > name->port_first) {
		return 0;
	}
	if (name->field_count >= 2 && name->fields[1].label == 0) {
		len = (size_t)(name->fields[1].text + name->fields[1].len - first->text);
		if (table_find(name->table, first->text, len, ROW_EXCHANGE) != NULL) {
			return 2;
		}
	}
	return run_find(name, first, 0, ROW_EXCHANGE) != NULL ? 1 : 0;
}

static void set_party(struct name *name, struct hints *hints, size_t first, size_t end)
{
	const struct field *last = &name->fields[end - 1];

	hints->party_mark = mark_of(name, name->fields[first].text,
		(size_t)(last->text + last->len - name->fields[first].text));
	(void)snprintf(hints->other_party, sizeof hints->other_party, "%.*s",
		(int)hints->party_mark.len, name->fields[first].text);
	for (size_t i = first; i < end; i++) {
		name->fields[i].use = USE_PARTY;
	}
}

/* Is the first label's stranger borne out by what follows: an interface, a router, a word? */
static bool is_borne_out(const struct name *name, const struct party *party,
	const struct hints *hints)
{
	bool has_port = name->port_end > name->port_first && name->port_first >= party->label_end;
	bool is_whole = is_label_end(name, party->label_end - 1);
	bool has_more = name->fields[party->first].label + 1U < name->label_count;
	size_t len = name->fields[party->first].len;

	if (has_port && name->port_first == party->label_end) {
		return is_whole || (len > 3 && has_more);
	}
	if (party->is_sure) {
		return has_more || hints->relation != RELATION_NONE || !is_whole ||
			party->label_end > party->first + 1;
	}
	return is_whole && has_more && (has_router_after(name, party->label_end) ||
		name_is_exchange(name) ||
		hints->relation != RELATION_NONE);
}

/* Its names are those of members' ports. */
bool name_is_exchange(const struct name *name)
{
	return table_find(name->table, name->operator, strcspn(name->operator, "."),
		ROW_EXCHANGE) != NULL;
}

/* Not a customer: an exchange's member, an AS number, or a network's name and nothing else. */
static bool is_peering(const struct name *name, const struct party *party,
	const struct hints *hints)
{
	const struct field *first = &name->fields[party->first];

	return hints->relation == RELATION_PEER || name_is_exchange(name) || is_as_number(first) ||
		field_is_digits(first) || (party->is_network &&
		name->field_count == party->label_end && party->end == party->label_end);
}

/* What a machine is for, with or without a number: no party's name. */
static bool is_service(const struct field *field)
{
	static const char *const services[] = {"www", "web", "mail", "mx", "smtp", "imap", "ns", "dns",
		"ntp", "ftp", "api", "cdn", "cache", "proxy", "vpn", "host", "server", "srv", "db"};
	size_t len = field->len;

	while (len > 0 && field->text[len - 1] >= '0' && field->text[len - 1] <= '9') {
		len--;
	}
	for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
		if (strlen(services[i]) == len && memcmp(services[i], field->text, len) == 0) {
			return true;
		}
	}
	return false;
}

void name_find_party(struct name *name, struct hints *hints)
{
	size_t end = exchange_end(name);
	struct party party;

	hints->relation = relation_of(name);
	if (end > 0) {
		set_party(name, hints, 0, end);
		for (size_t i = end; i < name->field_count && name->fields[i].label == 0; i++) {
			name->fields[i].is_aside = true;
		}
		hints->role = ROUTER_PEERING;
		return;
	}
	if (name->field_count == 0 || name->fields[0].use != USE_NONE || name->has_address ||
	    (is_label_end(name, 0) && is_service(&name->fields[0]))) {
		return;
	}
	/* peer-as3491 */
	end = run_is(&name->fields[0], 0, "peer") && name->fields[0].run_count == 1 &&
		!is_label_end(name, 0) ? 1 : 0;
	if (!read_party(name, end, &party) || !is_borne_out(name, &party, hints)) {
		return;
	}
	set_party(name, hints, party.first, party.end);
	/* claro-G0-2-0-18.uacc01: a port of that router towards claro; the router has the role. */
	if (name->port_first == party.label_end && name->port_end > name->port_first &&
	    name->fields[name->port_first].label == 0) {
		return;
	}
	for (size_t i = 0; i < party.label_end; i++) {
		name->fields[i].use = USE_PARTY;
	}
	hints->role = is_peering(name, &party, hints) ? ROUTER_PEERING : ROUTER_CUSTOMER;
	/* Networks that are known are as often peers, or sell transit. */
	if (hints->relation == RELATION_NONE && hints->role == ROUTER_CUSTOMER && !party.is_network) {
		hints->relation = RELATION_CUSTOMER;
	}
}
