/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tui/rescue.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP};

enum { FAULTS = sizeof faults / sizeof faults[0] };

/* A handler is given nothing but the signal: what it needs has to stand where it finds it. */
static struct {
	int in_fd, out_fd;
	struct termios modes;
	char text[RESCUE_TEXT_MAX];
	size_t len;
	bool is_ours[FAULTS];
} rescue;

/* The signal's own way to end a program follows: its handler is gone by now. */
static void on_fault(int number)
{
	(void)!write(rescue.out_fd, rescue.text, rescue.len);
	(void)tcsetattr(rescue.in_fd, TCSANOW, &rescue.modes);
	(void)raise(number);
}

void rescue_arm(int in_fd, int out_fd, const struct termios *modes, const char *text)
{
	struct sigaction action = {.sa_handler = on_fault, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
	struct sigaction before;

	rescue.in_fd = in_fd;
	rescue.out_fd = out_fd;
	rescue.modes = *modes;
	rescue.len = strlen(text) < sizeof rescue.text ? strlen(text) : sizeof rescue.text;
	memcpy(rescue.text, text, rescue.len);
	for (size_t i = 0; i < FAULTS; i++) {
		rescue.is_ours[i] = sigaction(faults[i], NULL, &before) == 0 &&
			before.sa_handler == SIG_DFL && sigaction(faults[i], &action, NULL) == 0;
	}
}

void rescue_disarm(void)
{
	for (size_t i = 0; i < FAULTS; i++) {
		if (rescue.is_ours[i]) {
			(void)signal(faults[i], SIG_DFL);
			rescue.is_ours[i] = false;
		}
	}
}
