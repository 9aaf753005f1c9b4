/**
 * Zones whose offsets before 1970 differ between Node and Go. Go's zone file is built with tzdata's file
 * `backzone` (PACKRATDATA in its update.bash), which keeps each place's own history before 1970; ICU is built
 * without, and there these are links to a neighbour with the same clocks since 1970.
 */
export const BACKZONE: readonly string[] = `
Africa/Accra Africa/Addis_Ababa Africa/Asmara Africa/Bamako Africa/Bangui Africa/Banjul Africa/Blantyre
Africa/Brazzaville Africa/Bujumbura Africa/Conakry Africa/Dakar Africa/Dar_es_Salaam Africa/Djibouti
Africa/Douala Africa/Freetown Africa/Gaborone Africa/Harare Africa/Kampala Africa/Kigali Africa/Kinshasa
Africa/Libreville Africa/Lome Africa/Luanda Africa/Lubumbashi Africa/Lusaka Africa/Malabo Africa/Maseru
Africa/Mbabane Africa/Mogadishu Africa/Niamey Africa/Nouakchott Africa/Ouagadougou Africa/Porto-Novo
America/Anguilla America/Antigua America/Aruba America/Atikokan America/Blanc-Sablon America/Cayman
America/Creston America/Curacao America/Dominica America/Grenada America/Guadeloupe America/Montserrat
America/Nassau America/Port_of_Spain America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent
America/Tortola Antarctica/DumontDUrville Antarctica/McMurdo Antarctica/Syowa Asia/Aden Asia/Bahrain
Asia/Brunei Asia/Kuala_Lumpur Asia/Kuwait Asia/Muscat Asia/Phnom_Penh Asia/Vientiane Atlantic/Reykjavik
Atlantic/St_Helena Europe/Amsterdam Europe/Copenhagen Europe/Guernsey Europe/Isle_of_Man Europe/Jersey
Europe/Ljubljana Europe/Luxembourg Europe/Monaco Europe/Oslo Europe/Sarajevo Europe/Skopje Europe/Stockholm
Europe/Vaduz Europe/Zagreb Indian/Antananarivo Indian/Christmas Indian/Cocos Indian/Comoro Indian/Kerguelen
Indian/Mahe Indian/Mayotte Indian/Reunion Pacific/Chuuk Pacific/Funafuti Pacific/Majuro Pacific/Midway
Pacific/Pohnpei Pacific/Saipan Pacific/Wake Pacific/Wallis
`
  .trim()
  .split(/\s+/);
