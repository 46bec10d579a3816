// What column headers mean, in the languages of our customers. One table: key, what it holds, and its names.
import type { AttributeType } from './attribute.ts'

export interface Meaning {
  /** The attribute key proposed; an identifier kind after @. */
  readonly key: string
  /** The type a header promises; the data must agree. Text always agrees. */
  readonly type: AttributeType
  readonly clean?: 'email' | 'phone' | 'country'
}

interface Entry extends Meaning {
  /** In lower case, without accents, blanks and signs. */
  readonly names: string
}

/** Longer lists of names are words of one line so that a missing one is quickly added. */
const entries: readonly Entry[] = [
  {
    key: '@customer_id',
    type: 'text',
    names:
      'customerid customerno customernumber customernr custid custno clientid clientno clientnumber kundennummer kundennr kdnr kundenid kundeid kundenr ' +
      'idclient numclient numeroclient numerodeclient codeclient idcliente numerocliente numerodecliente codigocliente codicecliente klantnummer klantid klantnr ' +
      'kundnummer kundnr asiakasnumero numerklienta idklienta retailercustomerid shopifycustomerid externalcustomerid crmid crmcontactid',
  },
  {
    key: '@email',
    type: 'text',
    clean: 'email',
    names:
      'email emailaddress mail mailaddress emailadresse mailadresse emailadr emailadres adresseemail adressemail adresseelectronique courriel ' +
      'correo correoelectronico direcciondecorreo indirizzoemail epost epostadress epostadresse sahkoposti adresemail useremail customeremail contactemail primaryemail emailprimary',
  },
  {
    key: 'phone',
    type: 'text',
    clean: 'phone',
    names:
      'phone phonenumber phoneno phonenr telephone telephonenumber tel telno telnr telefon telefonnummer telefonnr rufnummer telefono numerodetelefono ' +
      'numerotelephone numerodetelephone telefoon telefoonnummer telefone puhelin puhelinnumero homephone workphone telefonprivat festnetz primaryphone contactphone',
  },
  {
    key: 'mobile',
    type: 'text',
    clean: 'phone',
    names:
      'mobile mobilephone mobilenumber mobilephonenumber mobileno cell cellphone cellnumber handy handynummer mobil mobiltelefon mobilnummer mobilfunk ' +
      'portable telephoneportable gsm movil celular telefonomovil cellulare mobiel mobielnummer telemovel sms smsnumber whatsapp',
  },
  {
    key: 'first_name',
    type: 'text',
    names:
      'firstname fname givenname forename first vorname prenom nombre nombredepila nome primeironome voornaam fornavn fornamn etunimi imie jmeno keresztnev',
  },
  {
    key: 'last_name',
    type: 'text',
    names:
      'lastname lname surname familyname last nachname familienname zuname nom nomdefamille apellido apellidos nom cognome sobrenome achternaam familienaam ' +
      'etternavn efternavn efternamn sukunimi nazwisko prijmeni vezeteknev',
  },
  {
    key: 'full_name',
    type: 'text',
    names:
      'fullname name contactname customername displayname vollname vollstaendigername nomcomplet nombrecompleto kundenname naam',
  },
  { key: 'gender', type: 'text', names: 'gender sex geschlecht sexe sexo genere sesso geslacht kon kjonn' },
  { key: 'title', type: 'text', names: 'title salutation anrede titel civilite tratamiento titolo aanhef' },
  {
    key: 'birth_date',
    type: 'date',
    names:
      'birthdate birthday dateofbirth dob bday geburtsdatum geburtstag gebdatum datedenaissance datenaissance naissance fechadenacimiento fechanacimiento datadinascita datanascita datadenascimento geboortedatum fodelsedatum fodselsdato dataurodzenia',
  },
  { key: 'age', type: 'integer', names: 'age alter edad eta leeftijd alder' },
  {
    key: 'company',
    type: 'text',
    names:
      'company companyname organization organisation firma firmenname unternehmen entreprise societe empresa azienda bedrijf bedrijfsnaam foretag',
  },
  {
    key: 'job_title',
    type: 'text',
    names: 'jobtitle position funktion berufsbezeichnung fonction poste cargo functie',
  },
  {
    key: 'street',
    type: 'text',
    names:
      'street streetaddress address addressline1 address1 adresse strasse strassehausnummer anschrift rue adresse1 calle direccion indirizzo rua endereco straat adres gata gatuadress',
  },
  {
    key: 'street_2',
    type: 'text',
    names: 'addressline2 address2 adresszusatz adresse2 complementadresse street2',
  },
  { key: 'house_number', type: 'text', names: 'housenumber hausnummer hausnr numerodecasa huisnummer' },
  {
    key: 'zip',
    type: 'text',
    names:
      'zip zipcode postcode postalcode plz postleitzahl codepostal cp codigopostal cap codicepostale cep postnummer postnr postinumero kodpocztowy psc',
  },
  {
    key: 'city',
    type: 'text',
    names:
      'city town locality stadt ort wohnort ville ciudad citta localita cidade plaats woonplaats stad postort kaupunki miasto mesto',
  },
  {
    key: 'region',
    type: 'text',
    names:
      'region state province stateprovince bundesland kanton departement provincia estado regione provincie county',
  },
  {
    key: 'country',
    type: 'text',
    clean: 'country',
    names:
      'country countrycode countryname countryiso isocountry land laendercode landcode landesbezeichnung pays codepays pais paese nazione landcodeiso maa kraj zeme',
  },
  {
    key: 'language',
    type: 'text',
    names: 'language lang locale preferredlanguage languagecode sprache langue idioma lingua taal sprak',
  },
  { key: 'currency', type: 'text', names: 'currency currencycode waehrung wahrung devise moneda valuta' },
  { key: 'time_zone', type: 'text', names: 'timezone tz zeitzone fuseauhoraire zonahoraria' },
  {
    key: 'signup_date',
    type: 'date',
    names:
      'signupdate signupdt registrationdate registereddate registeredon dateregistered registrierungsdatum anmeldedatum dateinscription datedinscription fechaderegistro fecharegistro datadiregistrazione registratiedatum joindate joineddate joinedon customersince kundeseit clientdepuis membersince',
  },
  {
    key: 'signed_up_at',
    type: 'timestamp',
    names: 'signedupat signupat signuptime registeredat joinedat joined',
  },
  {
    key: 'created_at',
    type: 'timestamp',
    names:
      'createdat created creationdate datecreated createddate createdon erstelltam erstellt angelegtam datedecreation creele fechadecreacion datadicreazione aangemaaktop',
  },
  {
    key: 'updated_at',
    type: 'timestamp',
    names:
      'updatedat updated lastupdated lastmodified lastmodifieddate modifiedat modified modifiedon dateupdated systemmodstamp geandertam geaendertam aktualisiertam letzteaenderung datedemodification modifiele fechademodificacion ultimaactualizacion gewijzigdop',
  },
  {
    key: 'last_login_at',
    type: 'timestamp',
    names: 'lastlogin lastloginat lastloginon lastseen lastseenat letzterlogin derniereconnexion',
  },
  {
    key: 'last_order_date',
    type: 'date',
    names:
      'lastorderdate lastorder lastpurchase lastpurchasedate letztebestellung letzterkauf dernierecommande ultimopedido laatstebestelling',
  },
  {
    key: 'first_order_date',
    type: 'date',
    names:
      'firstorderdate firstorder firstpurchase firstpurchasedate erstebestellung premierecommande primerpedido',
  },
  {
    key: 'order_count',
    type: 'integer',
    names:
      'ordercount orders numberoforders totalorders anzahlbestellungen bestellungen nombredecommandes numerodepedidos aantalbestellingen',
  },
  {
    key: 'lifetime_value',
    type: 'number',
    names:
      'lifetimevalue ltv clv customerlifetimevalue totalspent totalspend totalrevenue umsatz gesamtumsatz chiffredaffaires ca totaldepense gastototal fatturato omzet',
  },
  {
    key: 'points',
    type: 'number',
    names: 'points loyaltypoints bonuspoints punkte bonuspunkte puntos punti punten',
  },
  {
    key: 'opt_in',
    type: 'boolean',
    names:
      'optin emailoptin marketingoptin newsletter newsletteroptin newsletterconsent subscribed issubscribed emailsubscribed consent marketingconsent emailconsent acceptsmarketing acceptsemailmarketing einwilligung werbeeinwilligung consentement abonne inscritnewsletter consentimiento suscrito acconsente consenso toestemming ingeschreven samtycke',
  },
  {
    key: 'sms_opt_in',
    type: 'boolean',
    names: 'smsoptin smsconsent acceptssms acceptssmsmarketing einwilligungsms consentementsms',
  },
  {
    key: 'unsubscribed',
    type: 'boolean',
    names:
      'unsubscribed isunsubscribed optout optedout emailoptout abgemeldet desabonne desinscrit dadodebaja afgemeld',
  },
  { key: 'active', type: 'boolean', names: 'active isactive aktiv actif activo attivo actief' },
  {
    key: 'tags',
    type: 'text_list',
    names: 'tags tag labels schlagworte schlagwoerter etiquettes etiquetas etichette',
  },
  {
    key: 'interests',
    type: 'text_list',
    names: 'interests interessen centresdinteret interets intereses interessi interesses',
  },
  {
    key: 'segments',
    type: 'text_list',
    names: 'segments segmente listen lists groups gruppen groupes grupos',
  },
  {
    key: 'notes',
    type: 'text',
    names:
      'notes note comment comments remark remarks bemerkung bemerkungen notiz notizen kommentar remarque remarques commentaire notas comentarios opmerking opmerkingen',
  },
  { key: 'website', type: 'text', names: 'website url homepage web webseite siteweb sitioweb' },
  { key: 'source', type: 'text', names: 'source utmsource leadsource herkunft quelle origine fuente bron' },
  { key: 'status', type: 'text', names: 'status statut stato kundenstatus customerstatus' },
]

const byName = new Map<string, Meaning>()
for (const { names, ...meaning } of entries) for (const name of names.split(' ')) byName.set(name, meaning)

/** Ids of people that are not called customer ids, best first; the first there is taken when no customer id is. */
export const otherPersonIds: readonly string[] = [
  'userid',
  'contactid',
  'memberid',
  'personid',
  'profileid',
  'subscriberid',
  'membershipnumber',
  'mitgliedsnummer',
  'mitgliedsnr',
  'accountid',
  'benutzerid',
  'kontaktid',
  'iduser',
  'idutilisateur',
  'idcontact',
  'idusuario',
  'gebruikerid',
  'uid',
  'uuid',
  'externalid',
  'id',
]

/** A header without case, accents, blanks and signs: "E-Mail Adresse" is `emailadresse`. */
export function plainHeader(header: string): string {
  return header
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/ł/g, 'l')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '')
}

/** What a header means; German umlauts count as written out or dropped. */
export function meaningOf(header: string): Meaning | undefined {
  const plain = plainHeader(header)
  return byName.get(plain) ?? byName.get(plainHeader(header.normalize('NFD').replace(/\p{M}/gu, '')))
}
