/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/compat_mtr.h"

#include <inttypes.h>
#include <string.h>

#include "report/report.h"
#include "view/columns.h"

static const struct compat_field fields[] = {
	{' ', " ", "", 1, false, false},
	{'L', "Loss%", "Loss", 6, false, true},
	{'D', "Drop", "Drop", 5, true, false},
	{'R', "Rcv", "Rcv", 6, true, false},
	{'S', "Snt", "Snt", 6, true, false},
	{'N', "Last", "Last", 6, false, false},
	{'B', "Best", "Best", 6, false, false},
	{'A', "Avg", "Avg", 6, false, false},
	{'W', "Wrst", "Wrst", 6, false, false},
	{'V', "StDev", "StDev", 6, false, false},
	{'G', "Gmean", "Gmean", 6, false, false},
	{'J', "Jttr", "Jttr", 5, false, false},
	{'M', "Javg", "Javg", 5, false, false},
	{'X', "Jmax", "Jmax", 5, false, false},
	{'I', "Jint", "Jint", 5, false, false},
};

const struct compat_field *compat_field(char letter)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (fields[i].letter == letter) {
			return &fields[i];
		}
	}
	return NULL;
}

bool report_fields_of(const char *letters, char *ret_fields, size_t cap)
{
	size_t len = 0;

	for (; letters != NULL && *letters != '\0' && len + 1 < cap; letters++) {
		if (compat_field(*letters) != NULL) {
			ret_fields[len++] = *letters;
		}
	}
	ret_fields[len] = '\0';
	return len > 0;
}

const struct snap_stats *compat_stats(const struct snap_hop *hop)
{
	return hop->to.is_on || !hop->through.is_on ? &hop->to : &hop->through;
}

/* Where what was lost cannot be told from what ended in errors, nothing was received all the
 * same. */
static double value_loss(const struct snap_stats *stats)
{
	bool is_all_lost = stats->resolved > 0 && stats->received == 0;

	return stats->loss >= 0.0 ? stats->loss : is_all_lost ? 1.0 : 0.0;
}

/* mtr's blank has the value of Drop, which shows in CSV alone. */
static double value_count(char letter, const struct snap_stats *stats)
{
	return letter == 'D' || letter == ' ' ? (double)stats->dropped :
	       letter == 'R' ? (double)stats->received : (double)stats->sent;
}

static double value_time(char letter, const struct snap_stats *stats)
{
	switch (letter) {
	case 'N':
		return stats->last_ms;
	case 'B':
		return stats->best_ms;
	case 'A':
		return stats->avg_ms;
	case 'W':
		return stats->worst_ms;
	case 'V':
		return stats->stddev_ms;
	case 'G':
		return stats->gmean_ms;
	case 'J':
		return stats->jitter_ms;
	case 'M':
		return stats->jitter_avg_ms;
	case 'X':
		return stats->jitter_worst_ms;
	case 'I':
		return stats->jitter_mtr_ms;
	default:
		return 0.0;
	}
}

double compat_value(const struct compat_field *field, const struct snap_stats *stats)
{
	double ms;

	if (field->letter == 'L') {
		return value_loss(stats) * 100.0;
	}
	if (field->is_count || field->letter == ' ') {
		return value_count(field->letter, stats);
	}
	ms = stats->has_rtt ? value_time(field->letter, stats) : 0.0;
	return ms > 0.0 ? ms : 0.0;
}

void compat_print(const struct compat_field *field, const struct snap_stats *stats,
	struct strbuf *buf)
{
	int width = (int)field->width - 1;

	if (field->letter == ' ') {
		strbuf_putc(buf, ' ');
	} else if (field->is_percent) {
		strbuf_printf(buf, " %4.1f%%", compat_value(field, stats));
	} else {
		strbuf_printf(buf, " %*.*f", width, field->is_count ? 0 : 1,
			compat_value(field, stats));
	}
}

void compat_host(const struct snap_hop *hop, bool shows_both, struct strbuf *buf)
{
	const char *said_by = snap_hop_said_by(hop);

	column_put_host(said_by != NULL ? said_by : hop->address, hop->name, shows_both, buf);
}

bool compat_other_host(const struct snap_hop *hop, size_t index, bool shows_both,
	struct strbuf *buf)
{
	const char *address = hop->addresses[index];

	if (hop->address == NULL || strcmp(address, hop->address) == 0) {
		return false;
	}
	column_put_host(address, hop->address_names == NULL ? NULL : hop->address_names[index],
		shows_both, buf);
	return true;
}

static void put_network(const struct snap_as *as, const char *word, enum snap_network which,
	struct strbuf *buf)
{
	if (which == SNAP_NETWORK_NUMBER && as->number > 0) {
		strbuf_printf(buf, "AS%" PRIu32, as->number);
	} else {
		strbuf_puts(buf, which == SNAP_NETWORK_NUMBER ? "AS???" : word == NULL ? "???" : word);
	}
}

void compat_network(const struct snap_hop *hop, enum snap_network which, struct strbuf *buf)
{
	put_network(&hop->as, snap_network_word(hop, which), which, buf);
}

void compat_other_network(const struct snap_hop *hop, size_t index, enum snap_network which,
	struct strbuf *buf)
{
	static const struct snap_as none;
	const struct snap_as *as = hop->address_as == NULL ? &none : &hop->address_as[index];

	put_network(as, snap_as_word(as, which), which, buf);
}

size_t compat_network_width(enum snap_network which)
{
	static const size_t widths[SNAP_NETWORK_COUNT] = {
		[SNAP_NETWORK_NUMBER] = 9,
		[SNAP_NETWORK_PREFIX] = 19,
		[SNAP_NETWORK_COUNTRY] = 4,
		[SNAP_NETWORK_REGISTRY] = 8,
		[SNAP_NETWORK_ALLOCATED] = 11,
	};

	return widths[which];
}

const char *compat_destination(const struct snapshot *snap)
{
	return snap->destination_name != NULL ? snap->destination_name :
	       snap->destination != NULL ? snap->destination : "";
}

size_t compat_first(const struct snapshot *snap)
{
	return snap->first_ttl > 1 ? snap->first_ttl - 1 : 0;
}

uint64_t compat_tests(const struct snapshot *snap)
{
	return snap->round_limit > 0 ? snap->round_limit : snap->rounds;
}
