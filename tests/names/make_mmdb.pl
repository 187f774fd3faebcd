#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# Writes small databases in the layouts of several makers: make_mmdb.pl DIRECTORY.
# They hold documentation and loopback addresses, so what a test sees is known.
use strict;
use warnings;
use MaxMind::DB::Writer::Tree;

my $directory = shift or die "usage: make_mmdb.pl DIRECTORY\n";
my %type_of = (
	autonomous_system_number => 'uint32', autonomous_system_organization => 'utf8_string',
	asn => 'utf8_string', as_name => 'utf8_string', as_domain => 'utf8_string',
	name => 'utf8_string', domain => 'utf8_string', country_code => 'utf8_string',
	city => 'map', country => 'map', names => 'map', en => 'utf8_string', location => 'map',
	iso_code => 'utf8_string', latitude => 'double', longitude => 'double',
	accuracy_radius => 'uint16', registered_country => 'map', subdivisions => ['array', 'map'],
	# IPinfo, ip-location-db: the same keys, but flat
	lat => 'utf8_string', lng => 'utf8_string', region => 'utf8_string', state1 => 'utf8_string',
	postcode => 'utf8_string', connection_type => 'utf8_string',
);

# write_file NAME, TYPE, IP VERSION, { types that differ }, { prefix => record }
sub write_file {
	my ($name, $type, $version, $differ, $records) = @_;
	my %types = (%type_of, %$differ);
	my $tree = MaxMind::DB::Writer::Tree->new(
		ip_version => $version, record_size => 24, database_type => $type,
		languages => ['en'], description => { en => 'made up for tests' },
		remove_reserved_networks => 0,
		map_key_type_callback => sub { $types{ $_[0] } },
	);

	$tree->insert_network($_, $records->{$_}) for sort keys %$records;
	open my $file, '>:raw', "$directory/$name" or die "$directory/$name: $!\n";
	$tree->write_tree($file);
	close $file or die "$directory/$name: $!\n";
}

my %flat = (city => 'utf8_string', country => 'utf8_string');

write_file('maxmind-asn', 'GeoLite2-ASN', 6, {}, {
	'127.0.0.0/8' => { autonomous_system_number => 64500,
		autonomous_system_organization => 'Example Networks' },
	'192.0.2.0/25' => { autonomous_system_number => 4200000001,
		autonomous_system_organization => "M\x{fc}nchen Netz" },
	'2001:db8:1::/48' => { autonomous_system_number => 64501,
		autonomous_system_organization => 'Six' },
});
write_file('maxmind-city', 'GeoLite2-City', 6, {}, {
	'127.0.0.0/8' => { city => { names => { en => 'Frankfurt am Main' } },
		country => { iso_code => 'DE', names => { en => 'Germany' } },
		location => { latitude => 50.1109, longitude => 8.6821, accuracy_radius => 20 } },
	'192.0.2.0/24' => { country => { iso_code => 'BR', names => { en => 'Brazil' } },
		location => { latitude => -10.0, longitude => -55.0, accuracy_radius => 1000 } },
	'198.51.100.0/24' => { city => { names => { en => 'Nowhere' } },
		registered_country => { iso_code => 'US' },
		location => { latitude => 38.0, longitude => -97.0, accuracy_radius => 1000 } },
	'2001:db8::/32' => { city => { names => { en => "S\x{e3}o Paulo" } },
		country => { iso_code => 'BR' },
		location => { latitude => -23.5475, longitude => -46.6361 } },
});
write_file('ipinfo-lite', 'ipinfo lite.mmdb', 6, \%flat, {
	'127.0.0.0/8' => { asn => 'AS64500', as_name => 'Example Networks', country => 'Germany',
		as_domain => 'example.net', country_code => 'DE' },
});
write_file('ipinfo-asn', 'ipinfo standard_asn.mmdb', 4, {}, {
	'127.0.0.0/8' => { asn => 'AS64500', name => 'Example Networks', domain => 'example.net' },
});
write_file('ipinfo-city', 'ipinfo standard_location.mmdb', 4, \%flat, {
	'127.0.0.0/8' => { city => 'Frankfurt am Main', region => 'Hesse', country => 'DE',
		lat => '50.1109', lng => '8.6821' },
});
write_file('dbip-city', 'DBIP-City-Lite', 6, {
	%flat, latitude => 'float', longitude => 'float' }, {
	'127.0.0.0/8' => { city => 'Frankfurt am Main (Bornheim)', country_code => 'DE', postcode => '',
		state1 => 'Hesse', latitude => 50.1109, longitude => 8.6821 },
});
write_file('country', 'iptoasn-country', 4, {}, {
	'127.0.0.0/8' => { country_code => 'DE' },
});
write_file('other', 'GeoIP2-Connection-Type', 4, {}, {
	'127.0.0.0/8' => { connection_type => 'Cable/DSL' },
});
