/** First words of names of artists, albums and tracks; 64, some beyond ASCII, all in NFC. */
export const FIRST_WORDS = `
  Velvet Silver Broken Golden Midnight Electric Lonely Paper Crystal Hollow Neon Wild Quiet Burning Frozen Crimson
  Distant Gentle Hidden Iron Lazy Marble Northern Painted Rusty Sacred Tender Violet Wicked Young Ancient Bitter
  Copper Dusty Emerald Faded Ghostly Humble Indigo Jagged Kindred Lunar Misty Naïve Orange Plastic Restless Scarlet
  Tangled Urban Vivid Wandering Blå Señor Żółty Ørsted Märchen Café Ночной Αστέρι 東京 서울 夜の Ünlü`
  .trim()
  .split(/\s+/);

/** Second words of names; 64. */
export const SECOND_WORDS = `
  Harbour Echo River Machine Garden Wolves Mirror Engine Parade Skyline Orchard Satellite Tigers Lantern Ocean Avenue
  Cathedral Drifters Empire Feather Foxes Gravity Horizon Island Jungle Kites Letters Mountain Nomads Oracle Pilots
  Quarter Ravens Shadows Thunder Umbrella Valley Whispers Youth Zephyr Arcade Bridges Candles Diamonds Elephants Fables
  Giants Hotel Ivory Junction Kingdom Ladders Meadow Needles Opera Prophets Fjörd Corazón Łódź Straße Ветер Θάλασσα
  ナイツ 바람`
  .trim()
  .split(/\s+/);

/** How two words make an artist's name; 16. `1` and `2` stand for the words. */
export const ARTIST_PATTERNS = [
  '1 2',
  'The 1 2',
  '2 of 1',
  '1 2 Band',
  'DJ 1 2',
  '1 & the 2',
  '2 1',
  '1 2 Trio',
  'MC 2 1',
  '1 2 Orchestra',
  'Los 1 2',
  '1 and 2',
  'Saint 1 2',
  '2, 1',
  "1's 2",
  '1 2 Collective',
] as const;

/** How two words make a track's title. */
export const TRACK_PATTERNS = [
  '1 2',
  '2',
  '1',
  'My 1 2',
  '1 2, Part Two',
  '2 in the 2',
  '(No More) 1 2',
  '1 2 - Live',
  "2 Don't Lie",
  'Ode to the 2',
  '1 2 - Remastered',
  '"1"',
] as const;

/** How two words make an album's title. */
export const ALBUM_PATTERNS = [
  '1 2',
  '2',
  'The 1 Sessions',
  '1 2 (Deluxe)',
  'Songs of the 2',
  '1 Nights',
] as const;

/** How two words make an episode's title. */
export const EPISODE_PATTERNS = ['1 2', 'The 2', 'On 1 2', '2 or 2'] as const;

/** How two words make the name of a podcast. */
export const SHOW_PATTERNS = ['The 1 2 Podcast', 'Talking 2', '1 Stories', 'This 1 Week'] as const;

/** Families of genres: the family's own name first, then what else its artists are called. */
export const GENRE_FAMILIES = [
  ['pop', 'dance pop', 'electropop', 'teen pop', 'europop'],
  ['hip hop', 'rap', 'trap', 'conscious hip hop', 'boom bap'],
  ['rock', 'classic rock', 'hard rock', 'soft rock', 'garage rock'],
  ['indie', 'indie rock', 'indie pop', 'shoegaze', 'dream pop'],
  ['r&b', 'soul', 'neo soul', 'funk', 'motown'],
  ['electronic', 'house', 'techno', 'drum and bass', 'ambient'],
  ['latin', 'reggaeton', 'salsa', 'bachata', 'cumbia'],
  ['metal', 'heavy metal', 'death metal', 'metalcore', 'groove metal'],
  ['country', 'outlaw country', 'bluegrass', 'americana', 'country rock'],
  ['folk', 'singer-songwriter', 'indie folk', 'celtic', 'freak folk'],
  ['k-pop', 'k-rap', 'korean ballad', 'k-indie', 'girl group'],
  ['jazz', 'bebop', 'swing', 'vocal jazz', 'jazz fusion'],
  ['punk', 'pop punk', 'post-punk', 'hardcore', 'ska punk'],
  ['classical', 'baroque', 'romantic', 'opera', 'minimalism'],
  ['reggae', 'dub', 'dancehall', 'ska', 'roots reggae'],
  ['bollywood', 'filmi', 'bhangra', 'ghazal', 'indian pop'],
  ['blues', 'delta blues', 'blues rock', 'electric blues', 'boogie'],
  ['afrobeats', 'highlife', 'amapiano', 'afropop', 'soukous'],
  ['chanson', 'nouvelle scène française', 'variété', 'schlager', 'canción melódica'],
  ['soundtrack', 'film score', 'video game music', 'musicals', 'anime'],
] as const;
