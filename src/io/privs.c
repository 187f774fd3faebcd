/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "io/privs.h"

#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { NOBODY = 65534 };

bool privs_has_raw(void)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();
	bool is_known = caps != NULL &&
		cap_get_flag(caps, CAP_NET_RAW, CAP_EFFECTIVE, &value) == 0;

	(void)cap_free(caps);
	return is_known && value == CAP_SET;
}

bool privs_is_raw_withheld(void)
{
	return prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) == 0;
}

static bool is_nosuid(const char *path)
{
	struct statvfs where;

	return statvfs(path, &where) == 0 && (where.f_flag & ST_NOSUID) != 0;
}

bool privs_refused(const char *helper, struct err *err)
{
	if (privs_is_raw_withheld()) {
		return err_set(err, ERR_PERMISSION, "raw sockets are not permitted here, even to root: "
			"the container needs the capability NET_RAW (docker run --cap-add=NET_RAW)");
	}
	if (privs_has_raw()) {
		return err_set(err, ERR_PERMISSION, "raw sockets are refused although cap_net_raw is "
			"present: the network belongs to another user namespace, or a security policy "
			"forbids them");
	}
	if (access(helper, X_OK) != 0) {
		return err_set(err, ERR_PERMISSION, "raw sockets are not permitted: run as root, or "
			"install %.90s with the capability cap_net_raw", helper);
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		return err_set(err, ERR_PERMISSION, "%.90s cannot gain capabilities here (no_new_privs is "
			"set): start thrupath where it is not set, or as root", helper);
	}
	if (is_nosuid(helper)) {
		return err_set(err, ERR_PERMISSION, "%.90s gains no capabilities on a file system mounted "
			"nosuid: install it on another one, or run as root", helper);
	}
	return err_set(err, ERR_PERMISSION, "%.70s may not open raw sockets: as root, "
		"setcap cap_net_raw+ep %.70s", helper, helper);
}

static bool forbid_new(struct err *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot forbid new privileges");
	}
	return true;
}

/* Needs CAP_SETPCAP; without it, no_new_privs does the same. */
static void drop_bounding(void)
{
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		(void)prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	}
}

/* Of these what there is, and nothing else. */
static bool keep_only(const cap_value_t *kept, size_t count, struct err *err)
{
	cap_t had = cap_get_proc(), left = cap_init();
	bool is_ok = had != NULL && left != NULL;

	for (size_t i = 0; is_ok && i < count; i++) {
		cap_flag_value_t value = CAP_CLEAR;

		is_ok = cap_get_flag(had, kept[i], CAP_PERMITTED, &value) == 0 &&
			cap_set_flag(left, CAP_PERMITTED, 1, &kept[i], value) == 0 &&
			cap_set_flag(left, CAP_EFFECTIVE, 1, &kept[i], value) == 0;
	}
	if (!is_ok || cap_set_proc(left) != 0) {
		is_ok = err_set_sys(err, ERR_IO, errno, "cannot reduce the capabilities");
	}
	(void)cap_free(had);
	(void)cap_free(left);
	return is_ok;
}

bool privs_shrink(struct err *err)
{
	/* NET_ADMIN: kernels before 5.17 want it for SO_MARK. */
	static const cap_value_t kept[] = {CAP_NET_RAW, CAP_NET_ADMIN, CAP_SETUID, CAP_SETGID};

	drop_bounding();
	return keep_only(kept, sizeof kept / sizeof kept[0], err) && forbid_new(err);
}

bool privs_leave_user(struct err *err)
{
	uid_t user = getuid();
	gid_t group = getgid();
	bool is_root = user == 0;

	if (geteuid() != 0 && geteuid() == user && getegid() == group) {
		return true;
	}
	if (is_root) {
		user = group = NOBODY;
	}
	/* Root itself is no less than who started this; a set-uid start must not stay. */
	if (setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 ||
	    setresuid(user, user, user) != 0) {
		return is_root || err_set_sys(err, ERR_IO, errno, "cannot switch back to the user");
	}
	return true;
}

bool privs_is_lent(void)
{
	cap_t caps, none;
	bool has_some;

	if (getuid() != geteuid() || getgid() != getegid()) {
		return true;
	}
	/* Ambient capabilities are whoever started us gave us knowingly. */
	if (getuid() == 0 || getauxval(AT_SECURE) == 0) {
		return false;
	}
	caps = cap_get_proc();
	none = cap_init();
	has_some = caps != NULL && none != NULL && cap_compare(caps, none) != 0;
	(void)cap_free(caps);
	(void)cap_free(none);
	return has_some;
}

/* A user's number; 0: it says none, or root's. */
static unsigned number_of(const char *name)
{
	const char *text = getenv(name);
	unsigned long number;
	char *end;

	if (text == NULL || text[0] < '0' || text[0] > '9') {
		return 0;
	}
	errno = 0;
	number = strtoul(text, &end, 10);
	return *end != '\0' || errno != 0 || number >= UINT32_MAX ? 0 : (unsigned)number;
}

static void find_user(uid_t *ret_user, gid_t *ret_group)
{
	unsigned user = number_of("SUDO_UID"), group = number_of("SUDO_GID");
	const struct passwd *entry;

	if (user == 0) {
		user = number_of("PKEXEC_UID");
		entry = user == 0 ? NULL : getpwuid(user);
		group = entry == NULL ? 0 : entry->pw_gid;
	}
	*ret_user = user == 0 ? NOBODY : user;
	*ret_group = user == 0 || group == 0 ? NOBODY : group;
}

bool privs_raise(struct err *err)
{
	return (seteuid(0) == 0 && setegid(getgid()) == 0) ||
	       err_set_sys(err, ERR_IO, errno, "cannot be root again");
}

bool privs_lower(void)
{
	uid_t user;
	gid_t group;
	struct err err;

	find_user(&user, &group);
	if (geteuid() != 0 || user == NOBODY) {
		return false;
	}
	if (setgroups(0, NULL) == 0 && setegid(group) == 0 && seteuid(user) == 0) {
		return true;
	}
	(void)privs_raise(&err);
	return false;
}

static bool keep_raw(struct err *err)
{
	static const cap_value_t kept[] = {CAP_NET_RAW, CAP_NET_ADMIN};

	return keep_only(kept, sizeof kept / sizeof kept[0], err);
}

bool privs_leave_root(bool keeps_raw, struct err *err)
{
	uid_t user;
	gid_t group;

	if (geteuid() != 0) {
		return true;
	}
	find_user(&user, &group);
	if (prctl(PR_SET_KEEPCAPS, keeps_raw ? 1 : 0, 0, 0, 0) != 0) {
		return err_set_sys(err, ERR_IO, errno, "cannot keep a capability");
	}
	/* Alone in his namespace he is no more than who made that. */
	if ((setgroups(0, NULL) != 0 || setresgid(group, group, group) != 0 ||
	     setresuid(user, user, user) != 0) && errno != EINVAL && errno != EPERM) {
		return err_set_sys(err, ERR_IO, errno, "cannot leave root's identity");
	}
	(void)prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	return keeps_raw ? keep_raw(err) : privs_drop(err);
}

static bool is_empty_handed(void)
{
	cap_t now = cap_get_proc(), none = cap_init();
	bool is_same = now != NULL && none != NULL && cap_compare(now, none) == 0;

	(void)cap_free(now);
	(void)cap_free(none);
	return is_same;
}

static bool verify(struct err *err)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd >= 0) {
		(void)close(fd);
		return err_set(err, ERR_IO, "a raw socket can still be opened");
	}
	if (!is_empty_handed()) {
		return err_set(err, ERR_IO, "some capabilities were not dropped");
	}
	if (geteuid() != 0 && setuid(0) == 0) {
		return err_set(err, ERR_IO, "root privileges can be regained");
	}
	return true;
}

bool privs_drop(struct err *err)
{
	cap_t none = cap_init();
	bool is_ok = none != NULL;

	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* none before Linux 4.3 */
	drop_bounding();
	if (!is_ok || cap_set_proc(none) != 0) {
		is_ok = err_set_sys(err, ERR_IO, errno, "cannot drop the capabilities");
	}
	(void)cap_free(none);
	return is_ok && forbid_new(err) && verify(err);
}
