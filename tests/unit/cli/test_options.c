/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "snap/snapshot.h"
#include "support/check.h"

enum { WORDS_MAX = 32 };

static struct options options;
static struct err err;

/* Parses the words of a line as a command line; "''" is the empty word. */
static bool parse(const char *line, const char *environment)
{
	static char copy[512];
	static char name[] = "thrupath";
	char *argv[WORDS_MAX + 2] = {name}, *rest = NULL;
	int argc = 1;

	(void)snprintf(copy, sizeof copy, "%s", line);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
		if (strcmp(word, "''") == 0) {
			word[0] = '\0';
		}
		assert_true(argc <= WORDS_MAX);
		argv[argc++] = word;
	}
	options_finish(&options);
	err = (struct err){0};
	return options_parse(argc, argv, &(struct options_given){.environment = environment}, &options,
		&err);
}

static void test_the_defaults_are_those_of_the_manual(void **state)
{
	(void)state;

	assert_true(parse("10.0.0.1", NULL));
	assert_int_equal(options.mode, MODE_AUTO);
	assert_string_equal(options.destination, "10.0.0.1");
	assert_null(options.path);
	assert_int_equal(options.settings.first_ttl, 1);
	assert_int_equal(options.settings.max_ttl, 30);
	assert_int_equal(options.settings.max_rate_pps, 1000);
	assert_int_equal(options.settings.rounds, 0);
	assert_int_equal(options.settings.interval, 0);
	assert_false(options.settings.is_public);
}

static void test_letters_and_long_names_say_the_same(void **state)
{
	struct options letters;
	(void)state;

	assert_true(parse("-j -c 7 -i 0.25 -n -b -f 2 -m 9 -s 400 -Q 184 -M 5 -Z 2.5 x", NULL));
	letters = options;
	assert_true(parse("--json --report-cycles=7 --interval=250ms --no-dns --show-ips "
		"--first-ttl=2 --max-ttl=9 --psize=400 --tos=184 --mark=5 --timeout=2500ms x", NULL));
	options.destination = letters.destination;
	options.file = letters.file;
	assert_memory_equal(&options, &letters, sizeof letters);
	assert_int_equal(letters.mode, MODE_JSON);
	assert_int_equal(letters.settings.rounds, 7);
	assert_int_equal(letters.settings.interval, 250 * NS_PER_MS);
	assert_int_equal(letters.settings.timeout, 2500 * NS_PER_MS);
	assert_int_equal(letters.settings.tos, 184);
	assert_int_equal(letters.settings.size_bytes, 400);
}

static void test_the_number_of_a_network_is_what_shows_unless_told(void **state)
{
	(void)state;

	assert_true(parse("x", NULL));
	assert_false(options.has_as);
	assert_true(parse("-z x", NULL));
	assert_true(options.has_as);
	assert_int_equal(options.ipinfo, SNAP_NETWORK_NUMBER);
	assert_true(parse("-y 0 x", NULL));
	assert_true(options.has_as);
	assert_int_equal(options.ipinfo, SNAP_NETWORK_NUMBER);
	assert_true(parse("--ipinfo=4 x", NULL));
	assert_true(options.has_as);
	assert_int_equal(options.ipinfo, SNAP_NETWORK_ALLOCATED);
}

static void test_of_what_is_put_out_the_last_option_counts(void **state)
{
	(void)state;

	assert_true(parse("-C x", NULL));
	assert_int_equal(options.mode, MODE_CSV);
	assert_true(parse("-C --xml x", NULL));
	assert_int_equal(options.mode, MODE_XML);
	assert_true(parse("-x -w x", NULL));
	assert_int_equal(options.mode, MODE_REPORT);
	assert_true(options.is_wide);
	assert_true(parse("-w -C x", NULL));
	assert_int_equal(options.mode, MODE_CSV);
	assert_true(options.is_wide);
}

static const struct { const char *line, *says; } bad_line[] = {
	{"", "nothing to probe"},
	{"-r", "nothing to probe"},
	{"-i 0 x", "--interval takes seconds above 0"},
	{"-i -1 x", "--interval takes seconds above 0"},
	{"-i nan x", "--interval takes seconds above 0"},
	{"-i 1e9 x", "--interval takes seconds above 0"},
	{"-i '' x", "--interval takes seconds above 0"},
	{"--ndjson-every 0 x", "--ndjson-every takes seconds above 0"},
	{"--ndjson-every 86401 x", "--ndjson-every takes seconds above 0 and up to 86400"},
	{"--ndjson --replay x", "--ndjson tells of a run as it goes"},
	{"-c 0x x", "--report-cycles takes a whole number"},
	{"-c -1 x", "--report-cycles takes a whole number"},
	{"-c 1.5 x", "--report-cycles takes a whole number"},
	{"-c 99999999999999999999 x", "--report-cycles takes a whole number"},
	{"-c", "--report-cycles needs a value"},
	{"--interval", "--interval needs a value"},
	{"-k x", "no option -k"},
	{"-rk x", "no option -k"},
	{"--mpls=1 x", "--mpls takes no value"},
	{"-y 5 x", "--ipinfo takes a whole number from 0 to 4"},
	{"-y", "--ipinfo needs a value"},
	{"--nope x", "no option --nope: see --help"},
	{"--dislay x", "no option --dislay: see --help"},
	{"--jsno x", "no option --jsno: did you mean --json?"},
	{"--report-cylces=3 x", "no option --report-cylces: did you mean --report-cycles?"},
	{"-F x", "mtr's -F: only one path at a time"},
	{"--filename=y x", "mtr's --filename: only one path at a time"},
	{"-S x", "mtr's -S: hardly any network"},
	{"-U 5 x", "mtr's -U: discovery stops by itself"},
	{"-B 5 x", "mtr's -B: the payload holds the session token"},
	{"-p x", "mtr's -p: -l prints a line"},
	{"-g x", "mtr's -g: there is no window"},
	{"--displaymode 1 x", "mtr's --displaymode: -o sets"},
	{"--ipinfo_provider4 y x", "mtr's --ipinfo_provider4: -z queries"},
	{"-T h:0", "the port in 'h:0' is not from 1 to 65535"},
	{"-u h:x", "the port in 'h:x' is not from 1 to 65535"},
	{"-T -P 80 h:81", "'h:81' and --port 80 differ"},
	{"--in 1 x", "no option --in"},
	{"'' ", "the destination is empty"},
	{"--path ''", "--path is empty"},
	{"--hints --demo", "--hints sends no probes"},
	{"--hints --path 10.0.0.1", "--hints sends no probes"},
	{"--hints --html", "--hints sends no probes"},
	{"--explain --demo", "--explain sends no probes"},
	{"--explain --csv", "--explain sends no probes"},
	{"--hints a b", "one destination at a time"},
	{"a b", "one destination at a time"},
	{"-o L% x", "--order takes"},
	{"-o '' x", "--order is empty"},
	{"-o LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL x", "--order takes"},
	{"--theme pink x", "--theme takes"},
	{"--asn-db '' x", "--asn-db is empty"},
	{"--city-db '' x", "--city-db is empty"},
	{"--city-db", "--city-db needs a value"},
	{"-f 0 x", "--first-ttl takes"},
	{"-f 9 -m 3 x", "--first-ttl 9 is greater than --max-ttl 3"},
	{"-m 65 x", "--max-ttl takes"},
	{"-s 27 x", "--psize takes"},
	{"-s -100 x", "mtr's negative -s, for random sizes: all probes"},
	{"-s 1985 x", "--psize takes"},
	{"-Q 256 x", "--tos takes"},
	{"-M 0 x", "--mark takes"},
	{"-M 4294967296 x", "--mark takes"},
	{"--max-rate 0 x", "--max-rate takes"},
	{"--max-rate 100001 x", "--max-rate takes"},
	{"-u -T x", "--udp and --tcp exclude each other"},
	{"--public --no-public x", "--public and --no-public exclude each other"},
	{"-P 80 x", "--port and --localport need --udp or --tcp"},
	{"-T -P 0 x", "--port takes"},
	{"-T -L 65536 x", "--localport takes"},
	{"--flows 0 x", "--flows takes"},
	{"--flows 65 x", "--flows takes"},
	{"--walk triangle x", "--walk takes retrace, direct"},
	{"--walk via x", "--walk via needs --via ADDRESS"},
	{"--via 10.0.0.9 x", "--walk via needs --via ADDRESS"},
	{"--inner-source 10.0.0 x", "--inner-source takes auto, hop, self or an address"},
	{"--inner-source '' x", "--inner-source takes auto, hop, self or an address"},
	{"--also-source", "--also-source needs a value"},
	{"--also-source '' x", "--also-source is empty"},
	{"--also-source 10.0.0.9 --from a x", "--also-source needs To probes"},
	{"--also-source 10.0.0.9 --reverse x", "--also-source needs To probes"},
	{"--also-source 10.0.0.9 --no-to --path x", "--also-source needs To probes"},
	{"--no-to --no-through --path x", "leave nothing to send"},
	{"--no-to x", "--no-to needs --path"},
	{"--follow --path a", "--follow needs a discovered path"},
	{"--follow --reverse a", "--follow needs a discovered path"},
	{"--replay", "--replay needs a value"},
	{"--replay ''", "--replay is empty"},
	{"--replay a b", "--replay takes the path from the file: remove 'b'"},
	{"--replay a --path b", "--replay takes the path from the file: remove 'b'"},
	{"--replay a --demo", "--replay and --demo exclude each other"},
	{"--replay a --record b", "--replay and --record exclude each other"},
	{"--record '' x", "--record is empty"},
	{"--simulate", "--simulate needs a value"},
	{"--simulate a --demo", "--simulate and --demo exclude each other"},
	{"--simulate a --replay b", "--replay and --simulate exclude each other"},
	{"--simulate a -t", "--simulate is over at once"},
	{"--simulate a -I lo", "--simulate uses no interface"},
	{"--simulate a --hints", "--hints sends no probes"},
	{"--simulate a --seed -1", "--seed takes a whole number, not '-1'"},
	{"--seed 3 a", "--seed needs --simulate or --demo"},
};

static void test_a_port_may_stand_with_the_host(void **state)
{
	static const struct { const char *line, *host; unsigned port; } cases[] = {
		{"-T h.example:443", "h.example", 443}, {"-u 192.0.2.1:53", "192.0.2.1", 53},
		{"-T [2001:db8::1]:443", "2001:db8::1", 443}, {"-T 2001:db8::1", "2001:db8::1", 0},
		{"-T -P 80 h:80", "h", 80}, {"h:80", "h:80", 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(parse(cases[i].line, NULL));
		assert_string_equal(options.destination, cases[i].host);
		assert_int_equal(options.settings.port, cases[i].port);
		options_finish(&options);
	}
}

static void test_no_rounds_are_rounds_without_an_end(void **state)
{
	(void)state;

	assert_true(parse("-r -c 0 x", NULL));
	assert_true(options.is_endless);
	options_finish(&options);
	assert_true(parse("-r -c 0 -c 5 x", NULL));
	assert_false(options.is_endless);
	assert_int_equal(options.settings.rounds, 5);
	options_finish(&options);
}

static void test_every_bad_line_is_refused_in_a_sentence(void **state)
{
	(void)state;

	for (size_t i = 0; i < sizeof bad_line / sizeof bad_line[0]; i++) {
		if (parse(bad_line[i].line, NULL) || err.code != ERR_USAGE ||
		    strstr(err.text, bad_line[i].says) == NULL || strchr(err.text, '\n') != NULL) {
			fail_msg("'%s': code %d, '%s'", bad_line[i].line, (int)err.code, err.text);
		}
	}
}

static void test_a_refused_line_leaves_the_options_alone(void **state)
{
	static char name[] = "thrupath", bad[] = "-y";
	char *argv[] = {name, bad, NULL};
	struct options untouched, before;
	(void)state;

	memset(&before, 0x5a, sizeof before);
	untouched = before;
	assert_false(options_parse(2, argv, NULL, &untouched, &err));
	assert_memory_equal(&untouched, &before, sizeof before);
}

static void test_the_environment_comes_first_and_the_line_wins(void **state)
{
	(void)state;

	assert_true(parse("-c 3 x", "-c 5 \t-n\n--public"));
	assert_int_equal(options.settings.rounds, 3);
	assert_true(options.no_dns);
	assert_true(options.settings.is_public);
	assert_string_equal(options.destination, "x");
}

static void test_a_later_place_takes_back_what_excludes_it(void **state)
{
	(void)state;

	assert_true(parse("-6 x", "-4"));
	assert_true(options.is_ipv6 && !options.is_ipv4);
	assert_true(parse("-T x", "-u"));
	assert_true(options.settings.is_tcp && !options.settings.is_udp);
	assert_true(parse("--no-public x", "--public"));
	assert_true(options.settings.is_private && !options.settings.is_public);
	assert_true(parse("x", "--no-public"));
	assert_true(options.settings.is_private);
	assert_true(parse("x", "-u --follow --on-finding true"));
	assert_true(options.settings.is_udp && options.settings.has_follow);
	assert_string_equal(options.on_finding, "true");
	assert_true(parse("--path 10.0.0.1,10.0.0.2", "--follow"));
	assert_false(options.settings.has_follow);
	assert_true(parse("--replay file", "--on-finding true"));
	assert_null(options.on_finding);
	/* In one place they do exclude each other. */
	assert_false(parse("-4 -6 x", ""));
	assert_false(parse("-u -T x", "-u"));
	assert_false(parse("--path 10.0.0.1,10.0.0.2 --follow", ""));
	assert_false(parse("x y", ""));
	assert_false(parse("x", "y"));
	assert_true(parse("", "y"));
}

static void test_networks_are_numbers_as_with_mtr(void **state)
{
	(void)state;

	assert_true(parse("-y 2 -z x", ""));
	assert_int_equal(options.ipinfo, SNAP_NETWORK_NUMBER);
	assert_true(parse("-z -y 2 x", ""));
	assert_int_equal(options.ipinfo, SNAP_NETWORK_COUNTRY);
}

static void test_the_environment_may_be_empty_or_wrong(void **state)
{
	(void)state;

	assert_true(parse("x", ""));
	assert_true(parse("x", "   "));
	assert_false(parse("x", "--nope"));
	assert_int_equal(err.code, ERR_USAGE);
}

static void test_the_demo_needs_no_destination_and_takes_a_path_with_it(void **state)
{
	(void)state;

	assert_true(parse("--demo", NULL));
	assert_true(options.is_demo);
	assert_true(parse("--demo silent15 --path 10.0.0.1 --no-to", NULL));
	assert_string_equal(options.destination, "silent15");
	assert_string_equal(options.path, "10.0.0.1");
}

static void test_a_replay_needs_no_destination(void **state)
{
	(void)state;

	assert_true(parse("-j --replay run.pcapng", NULL));
	assert_string_equal(options.replay, "run.pcapng");
	assert_true(parse("--record run.pcapng x", NULL));
	assert_string_equal(options.record, "run.pcapng");
}

static void test_help_and_version_need_nothing_else(void **state)
{
	(void)state;

	assert_true(parse("-h", NULL));
	assert_int_equal(options.mode, MODE_HELP);
	assert_true(parse("--version", NULL));
	assert_int_equal(options.mode, MODE_VERSION);
}

static void test_wide_is_a_report_unless_another_mode_is_named(void **state)
{
	(void)state;

	assert_true(parse("-w x", NULL));
	assert_int_equal(options.mode, MODE_REPORT);
	assert_true(parse("-wj x", NULL));
	assert_int_equal(options.mode, MODE_JSON);
	assert_true(options.is_wide);
}

static void test_help_has_a_line_for_each_option_within_100_columns(void **state)
{
	struct strbuf text = {0};
	size_t longest = 0;
	(void)state;

	options_help(&text);
	for (const char *at = strbuf_text(&text); *at != '\0'; at += at[0] == '\n') {
		size_t len = strcspn(at, "\n");

		longest = len > longest ? len : longest;
		at += len;
	}
	assert_true(longest > 40 && longest <= 100);
	assert_non_null(strstr(strbuf_text(&text), "--path"));
	strbuf_finish(&text);
}

static void test_help_begins_with_the_twenty_that_are_used_most(void **state)
{
	struct strbuf text = {0};
	const char *at, *end;
	size_t lines = 0;
	(void)state;

	options_help(&text);
	at = strstr(strbuf_text(&text), "\n\nMost used:\n");
	assert_non_null(at);
	at += strlen("\n\nMost used:\n");
	end = strstr(at, "\n\n");
	assert_non_null(end);
	assert_true(strstr(at, "  -r, --report ") < end);
	assert_true(strstr(at, "      --via ADDRESS ") > end);
	for (; at < end; at = strchr(at, '\n') + 1) {
		lines++;
	}
	assert_int_equal(lines, 20);
	strbuf_finish(&text);
}

static int finish(void **state)
{
	(void)state;

	options_finish(&options);
	return 0;
}

static bool parse_config(const char *config, const char *line, struct options *ret_options,
	struct err *ret_err)
{
	char name[] = "thrupath", word[64];
	char *argv[] = {name, word, NULL};

	(void)snprintf(word, sizeof word, "%s", line);
	return options_parse(2, argv, &(struct options_given){.config = config,
		.config_name = "config"}, ret_options, ret_err);
}

static void test_the_configuration_file_comes_before_the_command_line(void **state)
{
	struct options got;
	struct err why = {0};
	(void)state;

	assert_true(parse_config("# mine\n\n  no-dns\ninterval = 0.5 # s\r\ntheme\tlight\n"
		"max-ttl=12\n", "x",
		&got, &why));
	assert_true(got.no_dns);
	assert_int_equal(got.settings.interval, NS_PER_SEC / 2);
	assert_int_equal(got.settings.max_ttl, 12);
	assert_int_equal(got.theme, THEME_LIGHT);
	options_finish(&got);
}

static void test_what_is_wrong_in_the_configuration_is_named_with_its_line(void **state)
{
	static const struct {
		const char *config, *says;
	} cases[] = {
		{"no-dns\ncolour blue\n", "config, line 2: there is no option 'colour'"},
		{"\n\nmax-ttl 65\n", "config, line 3: --max-ttl takes"},
		{"max-ttl\n", "config, line 1: max-ttl needs a value"},
		{"no-dns yes\n", "config, line 1: no-dns takes no value"},
		{"report\n", "config, line 1: report is only valid on the command line"},
		{"path 10.0.0.1\n", "config, line 1: path is only valid"},
		{"# keys\nbind x=leave\n", "config, line 2: no key has a function 'leave'"},
		{"bind xx=quit\n", "config, line 1: there is no key 'xx'"},
		{"bind x\n", "config, line 1: --bind takes KEY=FUNCTION"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct options got;
		struct err why = {0};

		assert_false(parse_config(cases[i].config, "x", &got, &why));
		assert_int_equal(why.code, ERR_USAGE);
		if (strstr(why.text, cases[i].says) == NULL) {
			fail_msg("%s", why.text);
		}
	}
}

/* Its remarks taken away, every line of the printed file is a line that may stand there. */
static void test_the_printed_configuration_changes_nothing(void **state)
{
	struct strbuf text = {0};
	struct options got;
	struct err why = {0};
	(void)state;

	options_print_config(&text);
	assert_true(parse_config(text.text, "x", &got, &why));
	assert_non_null(strstr(text.text, "\n#interval SEC\n"));
	assert_null(strstr(text.text, "\n#report\n"));
	options_finish(&got);
	strbuf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_defaults_are_those_of_the_manual),
		cmocka_unit_test(test_letters_and_long_names_say_the_same),
		cmocka_unit_test(test_the_number_of_a_network_is_what_shows_unless_told),
		cmocka_unit_test(test_of_what_is_put_out_the_last_option_counts),
		cmocka_unit_test(test_every_bad_line_is_refused_in_a_sentence),
		cmocka_unit_test(test_a_port_may_stand_with_the_host),
		cmocka_unit_test(test_no_rounds_are_rounds_without_an_end),
		cmocka_unit_test(test_a_refused_line_leaves_the_options_alone),
		cmocka_unit_test(test_the_environment_comes_first_and_the_line_wins),
		cmocka_unit_test(test_a_later_place_takes_back_what_excludes_it),
		cmocka_unit_test(test_networks_are_numbers_as_with_mtr),
		cmocka_unit_test(test_the_environment_may_be_empty_or_wrong),
		cmocka_unit_test(test_the_demo_needs_no_destination_and_takes_a_path_with_it),
		cmocka_unit_test(test_a_replay_needs_no_destination),
		cmocka_unit_test(test_help_and_version_need_nothing_else),
		cmocka_unit_test(test_wide_is_a_report_unless_another_mode_is_named),
		cmocka_unit_test(test_help_has_a_line_for_each_option_within_100_columns),
		cmocka_unit_test(test_help_begins_with_the_twenty_that_are_used_most),
		cmocka_unit_test(test_the_configuration_file_comes_before_the_command_line),
		cmocka_unit_test(test_what_is_wrong_in_the_configuration_is_named_with_its_line),
		cmocka_unit_test(test_the_printed_configuration_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, finish);
}
