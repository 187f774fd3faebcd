/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names/position.h"

#include <ctype.h>
#include <string.h>

static uint8_t count_of(const char *text, size_t len, const char *chars)
{
	uint8_t count = 0;

	for (size_t i = 0; i < len && count < UINT8_MAX; i++) {
		count = (uint8_t)(count + (strchr(chars, text[i]) != NULL && text[i] != '\0'));
	}
	return count;
}

struct habit habit_at(const char *name, size_t start, size_t len, size_t operator_start)
{
	size_t label_start = start, end = start + len, label_end = end;

	while (label_start > 0 && name[label_start - 1] != '.') {
		label_start--;
	}
	while (label_end < operator_start && name[label_end] != '.') {
		label_end++;
	}
	return (struct habit){
		.label = label_end < operator_start ? count_of(name + label_end + 1,
			operator_start - label_end - 1, ".") : 0,
		.left = count_of(name + label_start, start - label_start, "-_"),
		.right = count_of(name + end, label_end - end, "-_"),
		.len = (uint8_t)len, .is_glued = isalpha((unsigned char)name[end]) != 0,
	};
}

bool habit_fits(const struct habit *habit, const struct habit *at)
{
	return habit->label == at->label && habit->is_glued == at->is_glued &&
		(habit->left == at->left || habit->right == at->right) &&
		(habit->len == 0 ? at->len >= 4 : habit->len == at->len);
}
