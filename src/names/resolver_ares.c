/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef OWN_TIME_BITS
#undef _TIME_BITS /* c-ares hands over times as wide as this compiler has them unasked */
#endif
#include "names/resolver.h"

#include <sys/select.h> /* ares.h needs it */
#include <ares.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/mem.h"
#include "config.h"
#include "io/loop.h"

enum {
	ENTRIES = 1024, WAITING_MAX = 64, SOCKETS = 4, QUESTION_SIZE = 96, ANSWER_SIZE = 256,
	CLASS_IN = 1, TYPE_PTR = 12, TYPE_TXT = 16,
	SERVER_MS = 1500, TRIES = 2
};

static const ns_t NONE_TTL = 300 * NS_PER_SEC;      /* the DNS says that there is none */
static const ns_t FAILED_TTL = 60 * NS_PER_SEC;     /* nobody answered */
static const ns_t HOSTS_TTL = 60 * NS_PER_SEC;      /* the hosts file may change */
static const ns_t TTL_LEAST = 10 * NS_PER_SEC, TTL_MOST = 86400 * NS_PER_SEC;

enum entry_state { ENTRY_EMPTY, ENTRY_WAITING, ENTRY_KNOWN, ENTRY_NONE };

struct entry {
	struct resolver *resolver;
	enum entry_state state;
	int type;                /* of the record that is wanted */
	ns_t expires;
	char question[QUESTION_SIZE];
	char answer[ANSWER_SIZE];
};

struct watched {
	struct resolver *resolver;
	int fd;                  /* -1: free */
};

struct resolver {
	struct loop *loop;
	ares_channel channel;
	struct loop_timer timer;
	resolver_changed_fn *changed;
	void *changed_arg;
	bool has_hosts;          /* the hosts file names addresses before the DNS does */
	size_t waiting;
	struct watched sockets[SOCKETS];
	struct entry entries[ENTRIES];
};

static void arm_timer(struct resolver *resolver)
{
	struct timeval room, *wait = ares_timeout(resolver->channel, NULL, &room);

	if (wait == NULL) {
		loop_timer_cancel(resolver->loop, &resolver->timer);
		return;
	}
	loop_timer_set(resolver->loop, &resolver->timer, loop_now(resolver->loop) +
		(ns_t)wait->tv_sec * NS_PER_SEC + ((ns_t)wait->tv_usec + 1) * NS_PER_US);
}

static void on_socket(void *arg)
{
	struct watched *watched = arg;
	struct resolver *resolver = watched->resolver;

	ares_process_fd(resolver->channel, watched->fd, ARES_SOCKET_BAD);
	arm_timer(resolver);
}

static void on_timer(void *arg)
{
	struct resolver *resolver = arg;

	ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	arm_timer(resolver);
}

/* c-ares opened or closes a socket. One that finds no room here is served by its timeout. */
static void on_socket_state(void *arg, ares_socket_t fd, int is_readable, int is_writable)
{
	struct resolver *resolver = arg;
	struct watched *place = NULL;

	(void)is_writable; /* UDP alone, which is always writable */
	for (size_t i = 0; i < SOCKETS; i++) {
		struct watched *watched = &resolver->sockets[i];

		if (watched->fd == fd) {
			place = watched;
			break;
		}
		place = place == NULL && watched->fd < 0 ? watched : place;
	}
	if (place == NULL) {
		return;
	}
	if (is_readable != 0 && place->fd < 0) {
		place->fd = fd;
		loop_fd_add(resolver->loop, fd, LOOP_RANK_NAMES, on_socket, place);
	} else if (is_readable == 0 && place->fd == fd) {
		loop_fd_remove(resolver->loop, fd);
		place->fd = -1;
	}
}

static uint32_t big_endian(const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;

	for (size_t i = 0; i < count; i++) {
		value = value << 8 | bytes[i];
	}
	return value;
}

/* Steps over a name (RFC 1035, 4.1.4); false where it is broken. */
static bool skip_name(const uint8_t *reply, int len, size_t *at)
{
	char *name;
	long size;

	if (*at >= (size_t)len ||
	    ares_expand_name(reply + *at, reply, len, &name, &size) != ARES_SUCCESS) {
		return false;
	}
	ares_free_string(name);
	*at += (size_t)size;
	return true;
}

static bool copy_name(const uint8_t *reply, int len, size_t at, char *ret_text)
{
	char *name;
	long size;

	if (ares_expand_name(reply + at, reply, len, &name, &size) != ARES_SUCCESS) {
		return false;
	}
	(void)snprintf(ret_text, ANSWER_SIZE, "%s", name);
	ares_free_string(name);
	return ret_text[0] != '\0';
}

/* The strings of a TXT record (RFC 1035, 3.3.14) as one; what is no ASCII becomes '?'. */
static bool copy_strings(const uint8_t *data, size_t size, char *ret_text)
{
	size_t len = 0;

	for (size_t at = 0; at < size;) {
		size_t end = at + 1 + data[at];

		if (end > size) {
			return false;
		}
		for (at++; at < end; at++) {
			if (len + 1 < ANSWER_SIZE) {
				ret_text[len++] = (char)(data[at] < ' ' || data[at] > '~' ? '?' : data[at]);
			}
		}
	}
	ret_text[len] = '\0';
	return len > 0;
}

/*
 * A reply (RFC 1035, 4.1): a header of 12 bytes, which ends in four counts of two bytes;
 * questions of name, type, class; records of name, type, class, TTL, length, data.
 */
static bool read_reply(const uint8_t *reply, int len, int type, char *ret_text, uint32_t *ret_ttl)
{
	size_t at = 12, end = (size_t)len;
	uint32_t questions, answers;

	if (len < 12) {
		return false;
	}
	questions = big_endian(reply + 4, 2);
	answers = big_endian(reply + 6, 2);
	for (; questions > 0; questions--) {
		if (!skip_name(reply, len, &at) || end - at < 4) {
			return false;
		}
		at += 4;
	}
	for (; answers > 0; answers--) {
		size_t size;

		if (!skip_name(reply, len, &at) || end - at < 10) {
			return false;
		}
		size = big_endian(reply + at + 8, 2);
		if (end - at - 10 < size) {
			return false;
		}
		if (big_endian(reply + at, 2) == (uint32_t)type && size > 0) {
			*ret_ttl = big_endian(reply + at + 4, 4);
			return type == TYPE_TXT ? copy_strings(reply + at + 10, size, ret_text) :
				copy_name(reply, len, at + 10, ret_text);
		}
		at += 10 + size;
	}
	return false;
}

static void settle(struct entry *entry, enum entry_state state, ns_t keep)
{
	struct resolver *resolver = entry->resolver;

	resolver->waiting--;
	entry->state = state;
	entry->expires = loop_now(resolver->loop) + keep;
	resolver->changed(resolver->changed_arg);
}

static bool is_going(int status)
{
	return status == ARES_EDESTRUCTION || status == ARES_ECANCELLED;
}

static void on_reply(void *arg, int status, int timeouts, unsigned char *reply, int len)
{
	struct entry *entry = arg;
	uint32_t ttl = 0;

	(void)timeouts;
	if (is_going(status)) {
		return;
	}
	if (status == ARES_SUCCESS && read_reply(reply, len, entry->type, entry->answer, &ttl)) {
		ns_t keep = (ns_t)ttl * NS_PER_SEC;

		settle(entry, ENTRY_KNOWN, keep < TTL_LEAST ? TTL_LEAST :
			keep > TTL_MOST ? TTL_MOST : keep);
	} else {
		bool is_none = status == ARES_SUCCESS || status == ARES_ENOTFOUND ||
			status == ARES_ENODATA;

		/* What was known stays so while nobody can be asked. */
		if (is_none) {
			entry->answer[0] = '\0';
		}
		settle(entry, entry->answer[0] == '\0' ? ENTRY_NONE : ENTRY_KNOWN,
			is_none ? NONE_TTL : FAILED_TTL);
	}
}

/* c-ares reads replies for us since 1.28, and would rather not hand over their bytes. */
#ifdef HAVE_ARES_QUERY_DNSREC
static void on_record(void *arg, ares_status_t status, size_t timeouts,
	const ares_dns_record_t *record)
{
	unsigned char *reply = NULL;
	size_t len = 0;

	if (status == ARES_SUCCESS) {
		status = ares_dns_write(record, &reply, &len);
	}
	on_reply(arg, (int)status, (int)timeouts, reply, (int)len);
	ares_free_string(reply);
}

static void ask_dns(struct entry *entry)
{
	(void)ares_query_dnsrec(entry->resolver->channel, entry->question, ARES_CLASS_IN,
		(ares_dns_rec_type_t)entry->type, on_record, entry, /* id= */ NULL);
}
#else
static void ask_dns(struct entry *entry)
{
	ares_query(entry->resolver->channel, entry->question, CLASS_IN, entry->type, on_reply, entry);
}
#endif

static void on_host(void *arg, int status, int timeouts, struct hostent *host)
{
	struct entry *entry = arg;

	(void)timeouts;
	if (is_going(status)) {
		return;
	}
	if (status != ARES_SUCCESS || host->h_name == NULL || host->h_name[0] == '\0') {
		ask_dns(entry);
		return;
	}
	(void)snprintf(entry->answer, sizeof entry->answer, "%s", host->h_name);
	settle(entry, ENTRY_KNOWN, HOSTS_TTL);
}

/* The channel's look-ups by address read the hosts file only; the DNS is asked here. */
static void ask(struct entry *entry, const struct addr *addr)
{
	struct resolver *resolver = entry->resolver;

	if (entry->type == TYPE_PTR && addr != NULL && resolver->has_hosts) {
		bool is_v4 = addr->family == ADDR_V4;

		ares_gethostbyaddr(resolver->channel, addr->byte, is_v4 ? 4 : 16,
			is_v4 ? AF_INET : AF_INET6, on_host, entry);
	} else {
		ask_dns(entry);
	}
}

/* The entry of a question, or the one to put it in: free, or the first to expire. */
static struct entry *entry_of(struct resolver *resolver, const char *question)
{
	struct entry *best = NULL;

	for (size_t i = 0; i < ENTRIES; i++) {
		struct entry *entry = &resolver->entries[i];

		if (entry->state == ENTRY_EMPTY) {
			return best == NULL || best->state != ENTRY_EMPTY ? entry : best;
		}
		if (strcmp(entry->question, question) == 0) {
			return entry;
		}
		if (entry->state != ENTRY_WAITING && (best == NULL || entry->expires < best->expires)) {
			best = entry;
		}
	}
	return best;
}

/* `addr`: what the question is about; of a pointer record alone. */
static const char *answer_to(struct resolver *resolver, const char *question, int type,
	const struct addr *addr)
{
	struct entry *entry = entry_of(resolver, question);
	bool is_same = entry != NULL && entry->state != ENTRY_EMPTY &&
		strcmp(entry->question, question) == 0;
	bool is_fresh = is_same && (entry->state == ENTRY_WAITING ||
		loop_now(resolver->loop) < entry->expires);

	if (!is_fresh && entry != NULL && resolver->waiting < WAITING_MAX) {
		if (!is_same) {
			entry->answer[0] = '\0';
		}
		entry->resolver = resolver;
		entry->type = type;
		entry->state = ENTRY_WAITING;
		(void)snprintf(entry->question, sizeof entry->question, "%s", question);
		resolver->waiting++;
		ask(entry, addr);
		arm_timer(resolver);
		is_same = true;
	}
	/* An answer that has expired stands until the next one has come. */
	return is_same && entry->state != ENTRY_NONE && entry->answer[0] != '\0' ? entry->answer :
		NULL;
}

/* 4.3.2.1.in-addr.arpa (RFC 1035, 3.5), 1.0.0.0...ip6.arpa (RFC 3596, 2.5); or another zone. */
static void reverse_question(const struct addr *addr, const char *zone4, const char *zone6,
	char ret_question[QUESTION_SIZE])
{
	size_t len = 0;

	if (addr->family == ADDR_V4) {
		(void)snprintf(ret_question, QUESTION_SIZE, "%u.%u.%u.%u.%s", addr->byte[3],
			addr->byte[2], addr->byte[1], addr->byte[0], zone4);
		return;
	}
	for (size_t i = sizeof addr->byte; i-- > 0;) {
		static const char digits[] = "0123456789abcdef";

		ret_question[len++] = digits[addr->byte[i] & 15];
		ret_question[len++] = '.';
		ret_question[len++] = digits[addr->byte[i] >> 4];
		ret_question[len++] = '.';
	}
	(void)snprintf(ret_question + len, QUESTION_SIZE - len, "%s", zone6);
}

const char *resolver_name(struct resolver *resolver, const struct addr *addr)
{
	char question[QUESTION_SIZE];

	if (!addr_is_set(addr)) {
		return NULL;
	}
	reverse_question(addr, "in-addr.arpa", "ip6.arpa", question);
	return answer_to(resolver, question, TYPE_PTR, addr);
}

/* The field of "a | b | c", without the blanks around it; "" where there is none. */
static void copy_field(const char *text, unsigned field, char *ret_text, size_t size)
{
	size_t len;

	for (; field > 0 && text != NULL; field--) {
		text = strchr(text, '|');
		text = text == NULL ? NULL : text + 1;
	}
	text = text == NULL ? "" : text + strspn(text, " ");
	len = strcspn(text, "|");
	while (len > 0 && text[len - 1] == ' ') {
		len--;
	}
	(void)snprintf(ret_text, size, "%.*s", (int)len, text);
}

/* "64500 64501 | 192.0.2.0/24 | ZZ | ripencc | 2001-01-01"; "64500 | ZZ | ripencc | 2001 | NAME" */
bool resolver_network(struct resolver *resolver, const struct addr *addr,
	struct network *ret_network)
{
	char question[QUESTION_SIZE], asn[16];
	struct network network = {.asn = 0};
	const char *answer;

	if (!addr_is_set(addr)) {
		return false;
	}
	reverse_question(addr, "origin.asn.cymru.com", "origin6.asn.cymru.com", question);
	answer = answer_to(resolver, question, TYPE_TXT, /* addr= */ NULL);
	if (answer == NULL) {
		return false;
	}
	copy_field(answer, 0, asn, sizeof asn);
	network.asn = (uint32_t)strtoul(asn, NULL, 10);
	copy_field(answer, 1, network.prefix, sizeof network.prefix);
	copy_field(answer, 2, network.country, sizeof network.country);
	copy_field(answer, 3, network.registry, sizeof network.registry);
	copy_field(answer, 4, network.allocated, sizeof network.allocated);
	if (network.asn == 0) {
		return false;
	}
	(void)snprintf(question, sizeof question, "AS%u.asn.cymru.com", network.asn);
	answer = answer_to(resolver, question, TYPE_TXT, /* addr= */ NULL);
	if (answer != NULL) {
		copy_field(answer, 4, network.name, sizeof network.name);
	}
	*ret_network = network;
	return true;
}

size_t resolver_waiting(const struct resolver *resolver)
{
	return resolver->waiting;
}

struct resolver *resolver_create(struct loop *loop, const char *server,
	resolver_changed_fn *changed, void *arg, struct err *err)
{
	struct resolver *resolver = xcalloc(1, sizeof *resolver);
	char hosts_file[] = "f";
	struct ares_options options = {.flags = ARES_FLAG_IGNTC, .timeout = SERVER_MS, .tries = TRIES,
		.lookups = hosts_file,
		.sock_state_cb = on_socket_state, .sock_state_cb_data = resolver};
	int status;

	resolver->loop = loop;
	resolver->changed = changed;
	resolver->changed_arg = arg;
	resolver->has_hosts = server == NULL;
	resolver->timer = (struct loop_timer){.fn = on_timer, .arg = resolver};
	for (size_t i = 0; i < SOCKETS; i++) {
		resolver->sockets[i] = (struct watched){resolver, -1};
	}
	status = ares_init_options(&resolver->channel, &options, ARES_OPT_FLAGS |
		ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
	if (status != ARES_SUCCESS) {
		free(resolver);
		(void)err_set(err, ERR_IO, "cannot look up names: %s", ares_strerror(status));
		return NULL;
	}
	if (server != NULL && (strchr(server, ',') != NULL ||
	    ares_set_servers_ports_csv(resolver->channel, server) != ARES_SUCCESS)) {
		resolver_destroy(resolver);
		(void)err_set(err, ERR_USAGE, "--dns takes the address of a name server, or "
			"ADDRESS:PORT, not '%.60s'", server);
		return NULL;
	}
	return resolver;
}

void resolver_destroy(struct resolver *resolver)
{
	if (resolver != NULL) {
		ares_destroy(resolver->channel);
		loop_timer_cancel(resolver->loop, &resolver->timer);
		free(resolver);
	}
}

const char *resolver_library(void)
{
	return ares_version(NULL);
}
