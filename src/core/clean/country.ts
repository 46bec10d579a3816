// Countries: codes and names in the languages of our customers, to ISO 3166 alpha-2.
import type { Cleaned, Refusal } from './refusal.ts'

const unknown: Refusal = { code: 'country.unknown' }

/** ISO 3166-1 alpha-2 followed by alpha-3; XK is the usual code of Kosovo. */
const codes = (
  'ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH ' +
  'BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT ' +
  'BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB ' +
  'CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ' +
  'ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB ' +
  'GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ' +
  'ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM ' +
  'KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY ' +
  'MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT ' +
  'MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU ' +
  'NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT ' +
  'REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR ' +
  'SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS ' +
  'TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN ' +
  'VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE'
).split(' ')

const languages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'pt',
  'nl',
  'pl',
  'sv',
  'da',
  'nb',
  'fi',
  'cs',
  'tr',
  'hu',
  'ro',
  'ru',
  'ja',
  'zh',
]

/** What people type that no list of names has, or had until it was renamed. */
const aliases: Readonly<Record<string, string>> = {
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  'the united states': 'US',
  'vereinigte staaten von amerika': 'US',
  "etats-unis d'amerique": 'US',
  'estados unidos de america': 'US',
  america: 'US',
  'e.e.u.u.': 'US',
  eeuu: 'US',
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  britain: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  grossbritannien: 'GB',
  'grande-bretagne': 'GB',
  'gran bretana': 'GB',
  'gran bretagna': 'GB',
  angleterre: 'GB',
  inglaterra: 'GB',
  holland: 'NL',
  'the netherlands': 'NL',
  hollande: 'NL',
  holanda: 'NL',
  'pays bas': 'NL',
  brd: 'DE',
  'federal republic of germany': 'DE',
  'bundesrepublik deutschland': 'DE',
  ger: 'DE',
  sui: 'CH',
  'czech republic': 'CZ',
  'tschechische republik': 'CZ',
  'republique tcheque': 'CZ',
  turkey: 'TR',
  turkiye: 'TR',
  'ivory coast': 'CI',
  'south korea': 'KR',
  korea: 'KR',
  'republic of korea': 'KR',
  'north korea': 'KP',
  'viet nam': 'VN',
  'russian federation': 'RU',
  russia: 'RU',
  macedonia: 'MK',
  swaziland: 'SZ',
  burma: 'MM',
  'cape verde': 'CV',
  uae: 'AE',
  'u.a.e.': 'AE',
  'hong kong': 'HK',
  macau: 'MO',
  macao: 'MO',
  palestine: 'PS',
  kosovo: 'XK',
  'vatican city': 'VA',
  ireland: 'IE',
  'republic of ireland': 'IE',
  eire: 'IE',
  iran: 'IR',
  syria: 'SY',
  laos: 'LA',
  moldova: 'MD',
  tanzania: 'TZ',
  bolivia: 'BO',
  venezuela: 'VE',
  taiwan: 'TW',
  brunei: 'BN',
  'the gambia': 'GM',
  'the bahamas': 'BS',
  china: 'CN',
  congo: 'CG',
}

/** Without case, accents and doubled blanks. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/[\s_]+/g, ' ')
    .replaceAll('’', "'")
}

function nameTable(): Map<string, string> {
  const table = new Map<string, string>()
  for (const language of languages) {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' })
    for (const code of codes) {
      const name = plain(names.of(code.slice(0, 2)) ?? '')
      if (name !== '' && !table.has(name)) table.set(name, code.slice(0, 2))
    }
  }
  for (const [name, code] of Object.entries(aliases)) table.set(name, code)
  for (const code of codes)
    table
      .set(code.slice(0, 2).toLowerCase(), code.slice(0, 2))
      .set(code.slice(2).toLowerCase(), code.slice(0, 2))
  return table
}

/** Made when first needed: 5,000 names take some milliseconds. Answers are kept, as a file has few different countries. */
let table: Map<string, string> | undefined
const known = new Map<string, string>()
const knownMax = 5_000

/** True for an ISO 3166 alpha-2 code, in capitals. */
export function isCountryCode(code: string): boolean {
  return code.length === 2 && codes.some((known) => known.startsWith(code))
}

export function cleanCountry(text: string): Cleaned {
  const before = known.get(text)
  if (before !== undefined) return before
  table ??= nameTable()
  const code = table.get(plain(text))
  if (code === undefined) return unknown
  if (known.size < knownMax) known.set(text, code)
  return code
}
