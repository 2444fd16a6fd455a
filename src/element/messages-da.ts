import type { Messages } from './messages.js';

/** Danish. */
export const da: Messages = {
  frameTitle: 'Betaling',
  retry: 'Prøv igen',
  reopen: 'Åbn betalingen',
  openTab: 'Åbn i en ny fane',
  startOver: 'Brug en anden e-mailadresse',
  back: 'Fortsæt her',
  slow: ['Det tager længere end normalt', 'Du kan vente lidt endnu.'],
  blocked: ['Betalingen kan ikke vises her', 'Åbn den i en ny fane i stedet, eller prøv igen om lidt.'],
  unavailable: ['Betalingen er ikke tilgængelig', 'Kom tilbage senere.'],
  offline: ['Du er offline', 'Betalingen fortsætter af sig selv, når du er online igen.'],
  deferred: ['Et øjeblik', 'Din betaling bliver gjort klar.'],
  away: ['Betalingen er åben i en anden fane', 'Gør den færdig der. Denne side følger selv med.'],
  pending: ['Tjek din indbakke', 'Åbn linket i e-mailen for at afslutte. Du kan lukke denne side.'],
  confirmed: ['Tak', 'Vi har modtaget din bestilling.'],
  confirming: ['Tak', 'Vi bekræfter din bestilling. Det tager normalt få sekunder.'],
  settled: ['Alt er klar', 'Din bestilling er gennemført.'],
  unsettled: [
    'Vi har din bestilling',
    'Bekræftelsen tager lidt længere. Du får en e-mail og behøver ikke gøre mere.',
  ],
  failed: ['Din bestilling blev ikke gennemført', 'Kontakt os, så hjælper vi dig.'],
  failedRetry: ['Din bestilling blev ikke gennemført', 'Intet er bestilt. Du kan prøve igen.'],
  error: ['Det lykkedes ikke', 'Se beskeden nedenfor.'],
  errorChecking: ['Det lykkedes ikke', 'Et øjeblik: vi undersøger, om du kan prøve igen.'],
  errorRetry: ['Det lykkedes ikke', 'Du kan prøve igen.'],
  closed: ['Betalingen er lukket', 'Du kan åbne den igen, når du vil.'],
};
