/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/params_int.h"

#include <string.h>

/* Readers of values that are more than one number or one word of a list. */

enum { ICMP_BURST_OF_LINUX = 6, POLICE_BURST = 10 };

static const char *const laws[] = {
	"none", "normal", "exponential", "uniform", "pareto", NULL};
static const char *const mendings[] = {"nothing", "addresses", "all", NULL};
static const char *const classes[] = {"udp", "tcp", "icmp", "ipip", "gre", "srh", "all", NULL};

static bool read_alpha(struct scn_words *words, double *alpha, struct err *err)
{
	const char *word, *end;

	return scn_words_need(words, "the exponent of pareto", &word, err) &&
		((scn_parse_number(word, alpha, &end) && *end == '\0' && *alpha > 1 && *alpha <= 10) ||
		scn_words_error(words, err, "the exponent of pareto is \"%.40s\", not above 1 and up to "
			"10", word));
}

bool params_read_jitter(struct scn_words *words, struct jitter *jitter, struct err *err)
{
	int law;

	if (!scn_read_choice(words, "the law of jitter", laws, &law, err)) {
		return false;
	}
	*jitter = (struct jitter){.law = (enum jitter_law)law};
	if (jitter->law == JITTER_NONE) {
		return true;
	}
	return scn_read_duration(words, "the jitter", &jitter->spread, err) &&
		(jitter->law != JITTER_PARETO || read_alpha(words, &jitter->alpha, err));
}

bool params_read_burst(struct scn_words *words, struct burst *burst, struct err *err)
{
	if (scn_words_skip(words, "none")) {
		*burst = (struct burst){0};
		return true;
	}
	return scn_read_fraction(words, "the chance to enter a burst", &burst->enter, err) &&
		scn_read_fraction(words, "the chance to leave a burst", &burst->leave, err) &&
		scn_read_fraction(words, "the loss within a burst", &burst->loss, err);
}

bool params_read_rate(struct scn_words *words, uint64_t *rate_bps, struct err *err)
{
	static const struct { const char *unit; double factor; } units[] = {
		{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9},
	};
	const char *word, *end;
	double value;

	if (scn_words_skip(words, "none")) {
		*rate_bps = 0;
		return true;
	}
	if (!scn_words_need(words, "the rate", &word, err)) {
		return false;
	}
	if (scn_parse_number(word, &value, &end)) {
		for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
			double bps = value * units[i].factor;

			if (strcmp(end, units[i].unit) == 0 && bps >= 1000 && bps <= 1e13) {
				*rate_bps = (uint64_t)bps;
				return true;
			}
		}
	}
	return scn_words_error(words, err,
		"the rate is \"%.40s\", not one such as 100mbit or 1gbit", word);
}

/* A comma list of shares: the losses of the members, which it also counts. */
bool params_read_member_loss(struct scn_words *words, struct members *members, struct err *err)
{
	struct members read = {0};
	const char *word;

	if (!scn_words_need(words, "a list of losses", &word, err)) {
		return false;
	}
	while (read.count < MEMBERS_MAX) {
		size_t len = strcspn(word, ",");
		char one[24] = "";

		if (len < sizeof one) {
			memcpy(one, word, len);
		}
		if (!scn_parse_fraction(one, &read.loss[read.count])) {
			break;
		}
		read.count++;
		if (word[len] == '\0') {
			*members = read;
			return true;
		}
		word += len + 1;
	}
	return scn_words_error(words, err,
		"member-loss wants up to %d shares such as 0%%,5%%", MEMBERS_MAX);
}

/* "50/s" or "1/2s", as the time that one takes. */
static bool parse_per_time(const char *word, ns_t *ret_period)
{
	const char *end;
	double tokens;
	ns_t period = NS_PER_SEC;

	if (!scn_parse_number(word, &tokens, &end) || *end != '/' || !(tokens > 0) ||
	    (strcmp(end, "/s") != 0 && !ns_parse(end + 1, 0, &period)) ||
	    (double)period / tokens < 1 || (double)period / tokens > 1e15) {
		return false;
	}
	*ret_period = (ns_t)((double)period / tokens);
	return true;
}

bool params_read_per_time(const char *what, struct scn_words *words, ns_t *ret_period,
	struct err *err)
{
	const char *word;

	return scn_words_need(words, what, &word, err) && (parse_per_time(word, ret_period) ||
		scn_words_error(words, err, "%s is \"%.40s\", not one such as 50/s or 1/2s", what, word));
}

static bool read_burst_of(const char *what, struct scn_words *words, uint32_t *burst,
	struct err *err)
{
	return !scn_words_skip(words, "burst") || scn_read_count(words, what, 1, 4000, burst, err);
}

/* From 1, in the order of their lines; 0: none has that id. */
static uint32_t limiter_named(const struct scn_words *words, const char *id)
{
	for (size_t i = 0; i < words->limiter_count; i++) {
		if (strcmp(words->limiter[i].id, id) == 0) {
			return (uint32_t)(i + 1);
		}
	}
	return 0;
}

/* "1/2s", "50/s" or "off", then maybe "burst N"; or the id of a limiter. */
bool params_read_icmp_rate(struct scn_words *words, struct icmp_rate *rate, struct err *err)
{
	const char *word;

	*rate = (struct icmp_rate){.burst = ICMP_BURST_OF_LINUX};
	if (scn_words_skip(words, "off")) {
		return true;
	}
	if (!scn_words_need(words, "the ICMP rate", &word, err)) {
		return false;
	}
	rate->limiter = limiter_named(words, word);
	if (rate->limiter > 0) {
		return true;
	}
	if (!parse_per_time(word, &rate->period)) {
		return scn_words_error(words, err, "icmp-rate is \"%.40s\", not one such as 50/s, 1/2s or "
			"off, nor a limiter of a line before", word);
	}
	return read_burst_of("the burst of icmp-rate", words, &rate->burst, err);
}

static bool is_law(const char *word)
{
	for (size_t i = 0; word != NULL && laws[i] != NULL; i++) {
		if (strcmp(word, laws[i]) == 0) {
			return true;
		}
	}
	return false;
}

bool params_read_icmp_delay(struct scn_words *words, struct icmp_delay *delay, struct err *err)
{
	delay->jitter = (struct jitter){0};
	return scn_read_duration(words, "icmp-delay", &delay->base, err) &&
		(!is_law(scn_words_peek(words)) || params_read_jitter(words, &delay->jitter, err));
}

bool params_read_icmp_stall(struct scn_words *words, struct icmp_stall *stall, struct err *err)
{
	if (scn_words_skip(words, "off")) {
		*stall = (struct icmp_stall){0};
		return true;
	}
	if (!scn_read_duration(words, "the period of icmp-stall", &stall->period, err) ||
	    !scn_read_duration(words, "the width of icmp-stall", &stall->width, err)) {
		return false;
	}
	return stall->width < stall->period ||
		scn_words_error(words, err, "icmp-stall wants its period, then a shorter width");
}

/* "17221" or "17221,24003", outermost label first; "none" takes the stack away. */
bool params_read_mpls(struct scn_words *words, struct mpls_stack *stack, struct err *err)
{
	struct mpls_stack read = {0};
	const char *word, *end;
	double label;

	if (scn_words_skip(words, "none")) {
		*stack = read;
		return true;
	}
	if (!scn_words_need(words, "an MPLS label", &word, err)) {
		return false;
	}
	while (read.count < MPLS_MAX && scn_parse_number(word, &label, &end) && label < 1048576) {
		read.entry[read.count++] = (struct mpls_entry){
			.label = (uint32_t)label, .ttl = 1, .is_bottom = *end == '\0'};
		if (*end == '\0') {
			*stack = read;
			return true;
		}
		if (*end != ',') {
			break;
		}
		word = end + 1;
	}
	return scn_words_error(words, err,
		"mpls wants up to %d labels below 1048576 with commas between", MPLS_MAX);
}

/* "10.0.1.1=192.0.2.7", then maybe "mends addresses". */
bool params_read_nat(struct scn_words *words, struct nat *nat, struct err *err)
{
	struct nat read = {0};
	char inside[ADDR_TEXT_MAX] = "";
	const char *word, *equals;
	int mends = NAT_MENDS_NOTHING;

	if (scn_words_skip(words, "none")) {
		*nat = read;
		return true;
	}
	if (!scn_words_need(words, "what nat translates", &word, err)) {
		return false;
	}
	equals = strchr(word, '=');
	if (equals != NULL && (size_t)(equals - word) < sizeof inside) {
		memcpy(inside, word, (size_t)(equals - word));
	}
	if (!addr_parse(inside, &read.inside) || !addr_parse(equals + 1, &read.outside) ||
	    read.inside.family != ADDR_V4 || read.outside.family != ADDR_V4) {
		return scn_words_error(words, err,
			"nat wants two addresses of IPv4 such as 10.0.1.1=192.0.2.7");
	}
	if (scn_words_skip(words, "mends") &&
	    !scn_read_choice(words, "what nat mends", mendings, &mends, err)) {
		return false;
	}
	read.mends = (enum nat_mends)mends;
	*nat = read;
	return true;
}

bool params_read_name(const char *what, struct scn_words *words, char ret_name[EXT_NAME_MAX],
	struct err *err)
{
	const char *word = "";

	if (!scn_words_skip(words, "none") && !scn_words_need(words, "a name", &word, err)) {
		return false;
	}
	if (strlen(word) >= EXT_NAME_MAX) {
		return scn_words_error(words, err, "%s is longer than %d bytes", what, EXT_NAME_MAX - 1);
	}
	memcpy(ret_name, word, strlen(word) + 1);
	return true;
}

bool params_read_address(const char *what, struct scn_words *words, struct addr *address,
	struct err *err)
{
	struct addr read = {0};
	const char *word;

	if (!scn_words_skip(words, "none") && (!scn_words_need(words, "an address", &word, err) ||
	    (!addr_parse(word, &read) && !scn_words_error(words, err,
	    "%s wants an address or none, not \"%.40s\"", what, word)))) {
		return false;
	}
	*address = read;
	return true;
}

bool params_read_members(struct scn_words *words, struct members *members, struct err *err)
{
	uint32_t count;

	if (!scn_read_count(words, "members", 1, MEMBERS_MAX, &count, err)) {
		return false;
	}
	*members = (struct members){.count = count};
	return true;
}


/* "200ms every 10s", "50ms..400ms every 8s random", or "none". */
bool params_read_outage(struct scn_words *words, struct outage *outage, struct err *err)
{
	struct outage read = {0};
	const char *word;
	char least[32] = "";
	char *dots;

	if (scn_words_skip(words, "none")) {
		*outage = read;
		return true;
	}
	if (!scn_words_need(words, "the length of the outage", &word, err)) {
		return false;
	}
	if (strlen(word) < sizeof least) {
		memcpy(least, word, strlen(word) + 1);
	}
	dots = strstr(least, "..");
	if (dots != NULL) {
		*dots = '\0';
	}
	if (!ns_parse(least, 0, &read.least) ||
	    !ns_parse(dots == NULL ? least : dots + 2, 0, &read.most) || read.least > read.most) {
		return scn_words_error(words, err,
			"the outage is \"%.40s\", not one such as 200ms or 50ms..400ms", word);
	}
	if (!scn_words_skip(words, "every")) {
		return scn_words_error(words, err, "outage wants `every TIME` behind its length");
	}
	if (!scn_read_duration(words, "the time between outages", &read.every, err)) {
		return false;
	}
	read.is_random = scn_words_skip(words, "random");
	if (read.most >= read.every) {
		return scn_words_error(words, err, "an outage is shorter than what it comes every");
	}
	*outage = read;
	return true;
}

static bool read_class(const char *what, struct scn_words *words, enum packet_class *ret_class,
	struct err *err)
{
	int choice;

	if (!scn_read_choice(words, what, classes, &choice, err)) {
		return false;
	}
	*ret_class = (enum packet_class)choice;
	return true;
}

/* "ipip 40/s burst 20", or "none". */
bool params_read_police(struct scn_words *words, struct police *police, struct err *err)
{
	struct police read = {.burst = POLICE_BURST};

	if (!scn_words_skip(words, "none") && (!read_class("what is policed", words, &read.what, err) ||
	    !params_read_per_time("the rate of police", words, &read.period, err) ||
	    !read_burst_of("the burst of police", words, &read.burst, err))) {
		return false;
	}
	*police = read;
	return true;
}

/* "udp 5%"; several add up to a table. */
bool params_read_loss_of(struct scn_words *words, struct loss_of *loss, struct err *err)
{
	enum packet_class what;

	return read_class("what is lost", words, &what, err) &&
		scn_read_fraction(words, "the share of loss-of", &loss->share[what], err);
}

/* "300 10%": of packets longer than that. */
bool params_read_loss_over(struct scn_words *words, struct loss_over *loss, struct err *err)
{
	return scn_read_count(words, "the bytes of loss-over", 0, 9216, &loss->bytes, err) &&
		scn_read_fraction(words, "the share of loss-over", &loss->share, err);
}

/* "46 100%". */
bool params_read_drop_dscp(struct scn_words *words, struct drop_dscp *drop, struct err *err)
{
	return scn_read_count(words, "the DSCP of drop-dscp", 0, 63, &drop->dscp, err) &&
		scn_read_fraction(words, "the share of drop-dscp", &drop->share, err);
}

bool params_read_limiter(struct scn_words *words, struct limiter *limiter, struct err *err)
{
	struct limiter read = {.burst = ICMP_BURST_OF_LINUX};

	memcpy(read.id, limiter->id, sizeof read.id);
	if (!params_read_per_time("the rate of the limiter", words, &read.period, err) ||
	    !read_burst_of("the burst of the limiter", words, &read.burst, err) ||
	    (scn_words_skip(words, "others") &&
	     !params_read_per_time("the rate of others", words, &read.others, err))) {
		return false;
	}
	*limiter = read;
	return true;
}
