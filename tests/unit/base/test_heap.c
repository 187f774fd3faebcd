/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/heap.h"

#include "base/rng.h"
#include "support/check.h"

enum { NODES = 64 };

static void test_an_empty_heap_has_no_first(void **state)
{
	struct heap heap = {0};
	(void)state;

	assert_null(heap_first(&heap));
	heap_finish(&heap);
	heap_finish(NULL);
}

static void test_equal_instants_come_in_the_order_they_were_set(void **state)
{
	struct heap_node node[10] = {{0}};
	struct heap heap = {0};
	(void)state;

	for (size_t i = 0; i < 10; i++) {
		heap_set(&heap, &node[i], 5);
	}
	heap_set(&heap, &node[0], 5);
	for (size_t i = 1; i <= 10; i++) {
		assert_ptr_equal(heap_first(&heap), &node[i % 10]);
		heap_remove(&heap, &node[i % 10]);
	}
	heap_finish(&heap);
}

static void test_removing_what_is_not_in_it_is_harmless(void **state)
{
	struct heap_node in = {0}, out = {0};
	struct heap heap = {0};
	(void)state;

	heap_set(&heap, &in, 1);
	heap_remove(&heap, &out);
	heap_remove(&heap, &in);
	heap_remove(&heap, &in);
	assert_null(heap_first(&heap));
	heap_finish(&heap);
}

/* The oracle: a plain search over all nodes that are set. */
static const struct heap_node *first_by_search(const struct heap_node *node, const bool *is_set)
{
	const struct heap_node *first = NULL;

	for (size_t i = 0; i < NODES; i++) {
		if (is_set[i] && (first == NULL || node[i].when < first->when ||
		    (node[i].when == first->when && node[i].order < first->order))) {
			first = &node[i];
		}
	}
	return first;
}

static void test_the_first_is_right_after_any_sets_moves_and_removals(void **state)
{
	struct heap_node node[NODES] = {{0}};
	bool is_set[NODES] = {false};
	struct heap heap = {0};
	struct rng rng;
	(void)state;

	rng_init(&rng, check_seed(1), 0);
	for (int step = 0; step < 20000; step++) {
		size_t i = rng_below(&rng, NODES);

		if (rng_below(&rng, 3) == 0) {
			heap_remove(&heap, &node[i]);
			is_set[i] = false;
		} else {
			heap_set(&heap, &node[i], (ns_t)rng_below(&rng, 40));
			is_set[i] = true;
		}
		assert_ptr_equal(heap_first(&heap), first_by_search(node, is_set));
	}
	heap_finish(&heap);
}

static void test_pops_are_sorted(void **state)
{
	static struct heap_node node[5000];
	struct heap heap = {0};
	struct heap_node *first;
	struct rng rng;
	ns_t last = INT64_MIN;
	size_t pops = 0;
	(void)state;

	rng_init(&rng, check_seed(2), 0);
	for (size_t i = 0; i < 5000; i++) {
		heap_set(&heap, &node[i], (ns_t)rng_u32(&rng) - INT32_MAX);
	}
	for (; (first = heap_first(&heap)) != NULL; pops++) {
		assert_true(first->when >= last);
		last = first->when;
		heap_remove(&heap, first);
	}
	assert_int_equal(pops, 5000);
	heap_finish(&heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_heap_has_no_first),
		cmocka_unit_test(test_equal_instants_come_in_the_order_they_were_set),
		cmocka_unit_test(test_removing_what_is_not_in_it_is_harmless),
		cmocka_unit_test(test_the_first_is_right_after_any_sets_moves_and_removals),
		cmocka_unit_test(test_pops_are_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
