/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_INFER_SERIAL_H
#define THRUPATH_INFER_SERIAL_H

#include <stdint.h>

/*
 * The time that a packet takes to be put on a line, bit by bit. On a slow line that is no queue and
 * no distance, and it comes with every packet, in each direction.
 */
/* One way; 0 where the speed is not known. */
double serial_ms(unsigned bytes, uint32_t mbps);

#endif
