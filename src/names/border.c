/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/border.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const unsigned percents[BORDER_SIGN_COUNT] = {[BORDER_NAMES] = 80, [BORDER_PARTY] = 90,
	[BORDER_ROUTER] = 85, [BORDER_MATE] = 70, [BORDER_NUMBERS] = 60};

/* Whose a hop is. */
struct owner {
	char name[BORDER_OWNER];
	enum border_sign sign;
	enum relation relation;
	bool is_known;               /* that it is another's, if not whose */
};

static const char *operator_of(const struct hints *hints)
{
	return hints == NULL ? "" : hints->operator;
}

static size_t letters_of(const char *name, char ret_letters[BORDER_OWNER])
{
	size_t len = 0;

	for (; *name != '\0' && *name != '.' && len + 1 < BORDER_OWNER; name++) {
		if (isalnum((unsigned char)*name)) {
			ret_letters[len++] = (char)tolower((unsigned char)*name);
		}
	}
	ret_letters[len] = '\0';
	return len;
}

/* as64500 */
static bool is_number(const char *letters)
{
	return strncmp(letters, "as", 2) == 0 && letters[2] != '\0' &&
		letters[2 + strspn(letters + 2, "0123456789")] == '\0';
}

/* cogent is cogentco.com: one begins with the other, up to the first dot. */
static bool is_same_owner(const char *a, const char *b)
{
	enum { LETTERS_LEAST = 3 };
	char x[BORDER_OWNER], y[BORDER_OWNER];
	size_t x_len = letters_of(a, x), y_len = letters_of(b, y);
	size_t least = x_len < y_len ? x_len : y_len;
	bool are_whole = (strchr(a, '.') != NULL && strchr(b, '.') != NULL) || is_number(x) ||
		is_number(y);

	return are_whole ? strcmp(x, y) == 0 && strcmp(a + strcspn(a, "."), b + strcspn(b, ".")) == 0 :
		least >= LETTERS_LEAST && strncmp(x, y, least) == 0;
}

static bool is_same_router(const struct hints *a, const struct hints *b)
{
	return a != NULL && b != NULL && hints_are_of_one_router(a, b);
}

static void set_owner(struct owner *owner, const char *name, enum border_sign sign)
{
	(void)snprintf(owner->name, sizeof owner->name, "%s", name);
	owner->sign = sign;
	owner->is_known = true;
}

/* The name of a port tells of another network, and the hop before is in this one: then it is
 * the port at the far end. Coming from outside it is the near one. */
static bool is_partys(const struct border_step *step, const struct border_step *before)
{
	const struct hints *hints = step->hints;

	return hints->other_party[0] != '\0' && hints->party_mark.len > 0 && before != NULL &&
		strcmp(operator_of(before->hints), hints->operator) == 0 &&
		(hints->role == ROUTER_CUSTOMER || hints->relation != RELATION_NONE);
}

static struct owner owner_of(const struct border_step *steps, size_t k, const struct owner *last)
{
	const struct border_step *step = &steps[k], *before = k > 0 ? &steps[k - 1] : NULL;
	struct owner owner = {.name = ""};

	if (operator_of(step->hints)[0] == '\0') {
		bool is_named_before = before != NULL && operator_of(before->hints)[0] != '\0';

		/* Who gave the prefix names its own end, and leaves the other to its owner. */
		if (is_named_before && (is_same_router(step->mate, before->hints) ||
		    strcmp(operator_of(step->mate), operator_of(before->hints)) == 0)) {
			set_owner(&owner, "", BORDER_MATE);
		} else if (step->asn != 0 && !is_named_before) {
			char text[16];

			(void)snprintf(text, sizeof text, "AS%" PRIu32, step->asn);
			set_owner(&owner, text, BORDER_NUMBERS);
		}
	} else if (is_partys(step, before)) {
		set_owner(&owner, step->hints->other_party, BORDER_PARTY);
		owner.relation = step->hints->relation;
	} else if (before != NULL && is_same_router(step->hints, before->hints) &&
		   is_same_owner(last->name, step->hints->operator)) {
		set_owner(&owner, "", BORDER_ROUTER);
	} else {
		set_owner(&owner, step->hints->operator, BORDER_NAMES);
	}
	return owner;
}

/* Of a far side that is only known not to be the near one: the next operator that a name has. */
static void name_far(const struct border_step *steps, size_t count, size_t k, const char *near,
	struct owner *owner)
{
	for (size_t i = k + 1; i < count && owner->name[0] == '\0'; i++) {
		const char *operator = operator_of(steps[i].hints);

		if (operator[0] != '\0' && strcmp(operator, near) != 0) {
			set_owner(owner, operator, owner->sign);
		} else if (operator[0] != '\0') {
			break;
		}
	}
}

size_t border_find(const struct border_step *steps, size_t count, struct border *ret_borders,
	size_t cap)
{
	struct owner last = {.name = ""};
	size_t found = 0;

	for (size_t k = 0; k < count && found < cap; k++) {
		struct owner owner = owner_of(steps, k, &last);

		if (owner.is_known && owner.name[0] == '\0') {
			name_far(steps, count, k, last.name, &owner);
			/* A far end without a name is no border by itself. */
			owner.is_known = owner.name[0] != '\0' || owner.sign != BORDER_MATE;
		}
		if (!owner.is_known) {
			continue;
		}
		if (last.is_known && !is_same_owner(last.name, owner.name)) {
			struct border *border = &ret_borders[found++];

			*border = (struct border){.hop = (unsigned)k + 1, .sign = owner.sign,
				.relation = owner.relation, .percent = percents[owner.sign]};
			memcpy(border->near, last.name, sizeof border->near);
			memcpy(border->far, owner.name, sizeof border->far);
			/* The near end of the link is named by the near side: no doubt is left. */
			if (owner.sign == BORDER_NAMES && is_same_owner(operator_of(steps[k].mate),
			    last.name)) {
				border->percent = 95;
			}
		}
		last = owner;
	}
	return found;
}
