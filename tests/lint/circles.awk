# SPDX-License-Identifier: GPL-3.0-or-later
# Finds files of a layer that use each other in a circle: reads the list of those that may (LAYER
# FILE... : why), then `nm -A -P -g` of the layers' libraries; prints what is not on the list, and
# what is on it for nothing. Run by tests/lint/test_circles.sh.

FILENAME ~ /\.txt$/ {
	if (/^[^#]/) {
		if (!/ : ./)
			print FILENAME ":" FNR ": no reason is given"
		sub(/ : .*/, "")
		listed[++entries] = " " $0 " "
	}
	next
}

# build/src/libsnap.a[links.o]: snap_links T 0 1c0
match($1, /lib[a-z]+\.a\[/) {
	layer = substr($1, RSTART + 3, RLENGTH - 6)
	file = substr($1, RSTART + RLENGTH)
	sub(/\.o\]:$/, "", file)
	sub(/^lib[a-z]+_a-/, "", file)
	if (!((layer, file) in seen)) {
		seen[layer, file] = 1
		files[layer] = files[layer] " " file
	}
	if ($3 == "U")
		uses[layer, file] = uses[layer, file] " " $2
	else if ($3 ~ /^[A-Z]$/)
		owner[layer, $2] = file
}

# reach[a, b]: a uses b, or what uses b.
function close_up(layer, name, n,   i, j, k, count, symbol) {
	delete reach
	for (i = 1; i <= n; i++) {
		count = split(uses[layer, name[i]], symbol, " ")
		for (j = 1; j <= count; j++)
			if ((layer, symbol[j]) in owner && owner[layer, symbol[j]] != name[i])
				reach[name[i], owner[layer, symbol[j]]] = 1
	}
	for (k = 1; k <= n; k++)
		for (i = 1; i <= n; i++)
			if ((name[i], name[k]) in reach)
				for (j = 1; j <= n; j++)
					if ((name[k], name[j]) in reach)
						reach[name[i], name[j]] = 1
}

# Is a circle (words) part of one on the list?
function is_listed(layer, circle,   i, j, count, word, is_part) {
	count = split(circle, word, " ")
	for (i = 1; i <= entries; i++) {
		is_part = index(listed[i], " " layer " ") == 1
		for (j = 1; j <= count; j++)
			is_part = is_part && index(listed[i], " " word[j] ".c ")
		if (is_part) {
			is_needed[i] = 1
			return 1
		}
	}
	return 0
}

END {
	for (layer in files) {
		n = split(files[layer], name, " ")
		close_up(layer, name, n)
		delete done
		for (i = 1; i <= n; i++) {
			if (done[name[i]] || !((name[i], name[i]) in reach))
				continue
			circle = ""
			for (j = 1; j <= n; j++)
				if ((name[i], name[j]) in reach && (name[j], name[i]) in reach) {
					circle = circle " " name[j]
					done[name[j]] = 1
				}
			if (!is_listed(layer, circle))
				print "src/" layer ": these use each other in a circle:" circle
		}
	}
	for (i = 1; i <= entries; i++)
		if (!is_needed[i])
			print "listed, and no circle any more:" listed[i]
}
