/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/geo.h"

#include <math.h>

double geo_km(struct geo a, struct geo b)
{
	const double radian = 3.14159265358979323846 / 18000.0, diameter_km = 12742.0;
	double dlat = sin((a.lat - b.lat) * radian / 2), dlon = sin((a.lon - b.lon) * radian / 2);
	double h = dlat * dlat + cos(a.lat * radian) * cos(b.lat * radian) * dlon * dlon;

	return diameter_km * asin(sqrt(h < 1.0 ? h : 1.0));
}
