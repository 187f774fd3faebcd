/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view/mtu.h"

#include "base/i18n.h"

/* Where one of both ways is the limit, and not known which, each may well take more. */
void mtu_bytes(const struct snap_mtu *mtu, bool is_back, struct strbuf *buf)
{
	unsigned bytes = is_back ? mtu->back : mtu->out;
	bool is_exact = is_back ? mtu->is_back && !mtu->is_out : mtu->is_out && !mtu->is_back;

	if (bytes == 0) {
		strbuf_putc(buf, '-');
	} else {
		strbuf_printf(buf, "%s%u", is_exact ? "" : ">=", bytes);
	}
}

void mtu_remark(const struct snap_mtu *mtu, struct strbuf *buf)
{
	if (mtu->is_undecided) {
		strbuf_puts(buf, _("not decided: too many packets are lost"));
	} else if (mtu->is_black_hole) {
		strbuf_puts(buf, mtu->is_out && mtu->is_back ? _("black hole, out or back") :
			_("black hole"));
	} else if (mtu->said_by != NULL) {
		strbuf_printf(buf, _("as %s reports"), mtu->said_by);
	} else if (mtu->is_out && mtu->is_back) {
		strbuf_puts(buf, _("limit out or back"));
	} else if (!mtu->is_through) {
		strbuf_puts(buf, _("by replies of the hop"));
	}
}

const char *mtu_heading(void)
{
	return _("MTU of each link: the largest packet that crossed it, in bytes");
}
