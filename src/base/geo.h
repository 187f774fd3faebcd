/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef THRUPATH_BASE_GEO_H
#define THRUPATH_BASE_GEO_H

#include <stdint.h>

/* A place on the globe, in hundredths of a degree north and east. */
struct geo {
	int16_t lat, lon;
};

/* Along the surface, by the haversine of a sphere of 6371 km. */
double geo_km(struct geo a, struct geo b);

#endif
