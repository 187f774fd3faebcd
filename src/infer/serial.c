/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/serial.h"

double serial_ms(unsigned bytes, uint32_t mbps)
{
	return mbps == 0 ? 0 : bytes * 8 / (mbps * 1000.0);
}
