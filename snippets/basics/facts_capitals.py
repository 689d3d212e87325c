"""Seventy-two countries, known and obscure, with their capital and another city; fixed in advance.

Source: mledoze/countries, https://github.com/mledoze/countries, file countries.json (capitals); the
other cities are common knowledge. Left out: countries with several capitals or one on the move, and
capitals that bear the country's name.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Capital:
    """A country, its capital, and another of its cities, which is not the capital."""

    country: str
    capital: str
    other_city: str
    also: tuple[str, ...] = ()  # other spellings that count as right
    source: str = "https://github.com/mledoze/countries"
    seen: date = date(2026, 11, 28)


_CITIES = """
Afghanistan, Kabul, Herat | Albania, Tirana, Vlora | Angola, Luanda, Lobito
Argentina, Buenos Aires, Rosario | Armenia, Yerevan, Gyumri | Australia, Canberra, Sydney
Austria, Vienna, Graz | Azerbaijan, Baku, Ganja | Bangladesh, Dhaka, Chittagong
Belgium, Brussels, Antwerp | Bhutan, Thimphu, Paro | Botswana, Gaborone, Francistown
Brazil, Brasilia, Recife | Bulgaria, Sofia, Plovdiv | Burkina Faso, Ouagadougou, Bobo-Dioulasso
Cambodia, Phnom Penh, Battambang | Cameroon, Yaounde, Douala | Canada, Ottawa, Toronto
Chad, N'Djamena, Moundou | Chile, Santiago, Valparaiso | China, Beijing, Shanghai
Colombia, Bogota, Medellin | Croatia, Zagreb, Split | Cuba, Havana, Camaguey
Denmark, Copenhagen, Aarhus | Ecuador, Quito, Guayaquil | Egypt, Cairo, Alexandria
Eritrea, Asmara, Massawa | Estonia, Tallinn, Tartu | Ethiopia, Addis Ababa, Gondar
Finland, Helsinki, Turku | France, Paris, Lyon | Gabon, Libreville, Port-Gentil
Germany, Berlin, Hamburg | Ghana, Accra, Kumasi | Greece, Athens, Patras
Honduras, Tegucigalpa, San Pedro Sula | Hungary, Budapest, Debrecen | Iceland, Reykjavik, Akureyri
India, New Delhi, Mumbai | Iran, Tehran, Isfahan | Ireland, Dublin, Cork
Italy, Rome, Milan | Jamaica, Kingston, Montego Bay | Japan, Tokyo, Osaka
Kenya, Nairobi, Mombasa | Kyrgyzstan, Bishkek, Osh | Laos, Vientiane, Luang Prabang
Latvia, Riga, Daugavpils | Lebanon, Beirut, Tripoli | Liberia, Monrovia, Gbarnga
Madagascar, Antananarivo, Toamasina | Malawi, Lilongwe, Blantyre | Mali, Bamako, Sikasso
Mongolia, Ulan Bator, Erdenet | Morocco, Rabat, Casablanca | Mozambique, Maputo, Beira
Nepal, Kathmandu, Pokhara | New Zealand, Wellington, Auckland | Nigeria, Abuja, Lagos
Norway, Oslo, Bergen | Pakistan, Islamabad, Karachi | Peru, Lima, Cusco
Poland, Warsaw, Gdansk | Portugal, Lisbon, Porto | Senegal, Dakar, Thies
Slovenia, Ljubljana, Maribor | Spain, Madrid, Seville | Suriname, Paramaribo, Nieuw Nickerie
Tajikistan, Dushanbe, Khujand | Turkey, Ankara, Istanbul | Zambia, Lusaka, Ndola
"""
_ALSO = {"Mongolia": ("Ulaanbaatar",), "Chad": ("Ndjamena",)}

CAPITALS = tuple(
    Capital(country, capital, other, _ALSO.get(country, ()))
    for line in _CITIES.strip().splitlines()
    for country, capital, other in (entry.strip().split(", ") for entry in line.split("|"))
)
