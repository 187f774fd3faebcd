/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/term.h"

#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

/* term.h makes a macro of every capability's name; this one is a word of ours. */
#undef columns

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"
#include "tui/rescue.h"
#include "tui/theme.h"

enum { TYPE_MAX = 64 };

/* curses keeps one screen for the process; this is what it does not tell us again. */
static struct {
	SCREEN *screen;         /* NULL: not entered */
	int in_fd, out_fd;
	enum theme theme;
	bool has_mouse;
	attr_t attrs[ROLE_COUNT];
	short pairs[ROLE_COUNT];
} term;

static void set_styles(void)
{
	int colours = 0;

	if (has_colors() && start_color() == OK && use_default_colors() == OK) {
		colours = theme_colours(COLORS, getenv("NO_COLOR"));
	}
	for (int i = 0; i < ROLE_COUNT; i++) {
		struct style style = theme_style(term.theme, (enum role)i, colours);
		short pair = (short)(i + 1);

		term.attrs[i] = (style.is_bold ? A_BOLD : 0) | (style.is_dim ? A_DIM : 0) |
		                (style.is_reverse ? A_REVERSE : 0) |
		                (style.is_underlined ? A_UNDERLINE : 0);
		term.pairs[i] = 0;
		if (style.foreground != THEME_DEFAULT &&
		    init_extended_pair(pair, style.foreground, style.background) == OK) {
			term.pairs[i] = pair;
		}
	}
}

/* ^S and ^Q are keys here, not the terminal's flow control. */
static void free_flow_keys(void)
{
	struct termios mode;

	if (tcgetattr(term.in_fd, &mode) == 0) {
		mode.c_iflag &= ~(tcflag_t)IXON;
		if (tcsetattr(term.in_fd, TCSADRAIN, &mode) == 0) {
			(void)def_prog_mode();
		}
	}
}

static void set_modes(void)
{
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)intrflush(stdscr, FALSE);
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)leaveok(stdscr, TRUE);
	(void)set_escdelay(25);
	(void)curs_set(0);
	if (term.has_mouse) {
		(void)mouseinterval(0);
		(void)mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	}
	free_flow_keys();
	set_styles();
}

/* Asks the terminal database before curses does: a newterm() that fails leaks. */
static bool is_usable(const char *name, int fd, struct err *err)
{
	const char *capability;
	int status;
	bool can_move;

	if (setupterm(name, fd, &status) != OK) {
		return err_set(err, ERR_NOT_FOUND, "unknown terminal type \"%.40s\": set TERM correctly, "
			"or get a report with -r", name);
	}
	capability = tigetstr("cup");
	/* (char *)-1 is how terminfo says that it is no string at all. */
	can_move = capability != NULL && (intptr_t)capability != -1;
	(void)del_curterm(cur_term);
	return can_move || err_set(err, ERR_NOT_FOUND, "terminal type \"%.40s\" cannot move its "
		"cursor: set TERM correctly, or get a report with -r", name);
}

/* Whether terminfo knows this type, and that it takes red, green and blue. */
static bool is_direct(const char *name, int fd)
{
	int status;
	bool has_rgb;

	if (setupterm(name, fd, &status) != OK) {
		return false;
	}
	/* A flag in some entries, a number or a string in others. */
	has_rgb = tigetflag("RGB") > 0 || tigetnum("RGB") > 0;
	(void)del_curterm(cur_term);
	return has_rgb;
}

/* A capability without its padding, which no terminal has needed for decades. */
static void add_capability(const char *name, struct strbuf *text)
{
	const char *capability = tigetstr(name);

	/* (char *)-1 is how terminfo says that it is no string at all. */
	for (const char *p = (intptr_t)capability == -1 ? NULL : capability; p != NULL && *p != '\0';) {
		size_t len = strcspn(p, "$");

		strbuf_add(text, p, len);
		p += len;
		if (p[0] == '$' && p[1] == '<' && strchr(p, '>') != NULL) {
			p = strchr(p, '>') + 1;
		} else if (p[0] == '$') {
			strbuf_putc(text, *p++);
		}
	}
}

/* What endwin() would send, for when it cannot be called any more. */
static void arm_rescue(const struct termios *modes)
{
	static const char *const capabilities[] = {"rmkx", "sgr0", "op", "cnorm", "rmcup"};
	struct strbuf text = {0};

	/* As XTerm has it (1000 buttons, 1006 how they are told), and all that follow it. */
	strbuf_puts(&text, term.has_mouse ? "\x1b[?1006;1000l" : "");
	for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
		add_capability(capabilities[i], &text);
	}
	strbuf_puts(&text, "\r\n");
	rescue_arm(term.in_fd, term.out_fd, modes, strbuf_text(&text));
	strbuf_finish(&text);
}

static void leave_for_good(void *arg)
{
	(void)arg;
	term_leave();
}

bool term_enter_on(const char *type, FILE *out, FILE *in, struct err *err)
{
	const char *name = type != NULL ? type : getenv("TERM");
	char direct[TYPE_MAX];
	struct termios modes = {0};
	bool has_modes = tcgetattr(fileno(in), &modes) == 0;

	if (term.screen != NULL) {
		return true;
	}
	if (name == NULL || name[0] == '\0') {
		return err_set(err, ERR_NOT_FOUND, "TERM is not set: set it, or get a report with -r");
	}
	if (!is_usable(name, fileno(out), err)) {
		return false;
	}
	if (theme_direct_type(name, getenv("COLORTERM"), getenv("NO_COLOR"), direct, sizeof direct) &&
	    is_direct(direct, fileno(out))) {
		name = direct;
	}
	/* The size is the terminal's, whatever LINES and COLUMNS in the environment say. */
	use_env(TRUE);
	use_tioctl(TRUE);
	term.screen = newterm(name, out, in);
	if (term.screen == NULL) {
		return err_set(err, ERR_IO, "curses cannot use this terminal (TERM is \"%.40s\"): get a "
			"report with -r", name);
	}
	term.in_fd = fileno(in);
	term.out_fd = fileno(out);
	set_modes();
	if (has_modes) {
		arm_rescue(&modes);
	}
	mem_set_exit_handler(leave_for_good, NULL, 0);
	return true;
}

void term_prepare(enum theme theme, bool has_mouse)
{
	term.theme = theme;
	term.has_mouse = has_mouse;
}

bool term_enter(struct err *err)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		return err_set(err, ERR_NOT_FOUND, "no terminal to draw on: get a report with -r");
	}
	return term_enter_on(NULL, stdout, stdin, err);
}

void term_leave(void)
{
	SCREEN *screen = term.screen;

	if (screen == NULL) {
		return;
	}
	term.screen = NULL;
	mem_set_exit_handler(NULL, NULL, 0);
	(void)endwin();
	rescue_disarm();
	delscreen(screen);
}

/* A program that handles SIGWINCH keeps it from curses, so the size is asked for here. */
static void follow_size(void)
{
	struct winsize size;

	if (ioctl(term.out_fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
	    (size.ws_row != LINES || size.ws_col != COLS)) {
		(void)resize_term(size.ws_row, size.ws_col);
		(void)clearok(curscr, TRUE);
	}
}

void term_size(size_t *ret_width, size_t *ret_height)
{
	follow_size();
	*ret_width = COLS > 0 ? (size_t)COLS : 0;
	*ret_height = LINES > 0 ? (size_t)LINES : 0;
}

bool term_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static void put_cell(const struct canvas_cell *cell, int x, int y)
{
	wchar_t wide[CCHARW_MAX + 1] = {0};
	const char *p = cell->text;
	cchar_t out;
	uint32_t c;

	for (size_t i = 0, len; i < CCHARW_MAX && (len = utf8_next(p, &c)) > 0; i++) {
		wide[i] = (wchar_t)c;
		p += len;
	}
	if (setcchar(&out, wide, term.attrs[cell->role], term.pairs[cell->role], NULL) == OK) {
		(void)mvadd_wch(y, x, &out);
	}
}

/* While it writes, curses ignores the stop signal, and a ^Z typed then would be lost; what
 * is blocked as well stays pending instead. */
static void refresh_whole(void)
{
	sigset_t stop, before;

	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTSTP);
	(void)sigprocmask(SIG_BLOCK, &stop, &before);
	(void)refresh();
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

void term_present(const struct canvas *canvas)
{
	(void)erase();
	for (size_t y = 0; y < canvas->height && y < (size_t)LINES; y++) {
		for (size_t x = 0; x < canvas->width && x < (size_t)COLS; x++) {
			const struct canvas_cell *cell = canvas_at(canvas, x, y);

			if (cell->width > 0) {
				put_cell(cell, (int)x, (int)y);
			}
		}
	}
	refresh_whole();
}

void term_ring(void)
{
	(void)beep();
}

void term_repaint(void)
{
	(void)clearok(curscr, TRUE);
}

static int mouse_key(void)
{
	MEVENT event;

	if (getmouse(&event) != OK || event.x < 0 || event.y < 0) {
		return UI_KEY_OTHER;
	}
	return (event.bstate & BUTTON4_PRESSED) != 0 ? UI_KEY_UP :
		(event.bstate & BUTTON5_PRESSED) != 0 ? UI_KEY_DOWN :
		(event.bstate & BUTTON1_PRESSED) != 0 ? ui_key_click((size_t)event.x,
			(size_t)event.y) : UI_KEY_OTHER;
}

static int special_key(wint_t key)
{
	static const struct {
		wint_t curses;
		int ours;
	} keys[] = {
		{KEY_UP, UI_KEY_UP}, {KEY_DOWN, UI_KEY_DOWN}, {KEY_PPAGE, UI_KEY_PAGE_UP},
		{KEY_LEFT, UI_KEY_LEFT}, {KEY_RIGHT, UI_KEY_RIGHT}, {KEY_DC, UI_KEY_DELETE},
		{KEY_BACKSPACE, UI_KEY_BACKSPACE},
		{KEY_NPAGE, UI_KEY_PAGE_DOWN}, {KEY_HOME, UI_KEY_HOME}, {KEY_END, UI_KEY_END},
		{KEY_ENTER, UI_KEY_ENTER}, {KEY_RESIZE, UI_KEY_RESIZE},
	};

	if (key == KEY_MOUSE) {
		return mouse_key();
	}
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (keys[i].curses == key) {
			return keys[i].ours;
		}
	}
	return UI_KEY_OTHER;
}

/* Whether there is nothing to read, and never will be. */
static bool is_hung_up(void)
{
	struct pollfd poll_fd = {.fd = term.in_fd, .events = POLLIN};

	return poll(&poll_fd, 1, 0) > 0 && (poll_fd.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

int term_read_key(void)
{
	wint_t key = 0;

	switch (get_wch(&key)) {
	case OK:
		return key == L'\n' ? UI_KEY_ENTER : key == 0 ? UI_KEY_OTHER :
			key == 0x7f || key == 0x08 ? UI_KEY_BACKSPACE : (int)key;
	case KEY_CODE_YES:
		return special_key(key);
	default:
		return is_hung_up() ? UI_KEY_HANGUP : UI_KEY_NONE;
	}
}

const char *term_library(void)
{
	return curses_version();
}
