import { grouped } from "./check.js";

/** What happened, line by line, and what it cost. */
export class Transcript {
  private readonly begun = Date.now();
  private readonly rows: { what: string; gas: bigint }[] = [];

  /** A part of the run begins. */
  part(title: string): void {
    console.log(`\n== ${title} (after ${Math.round((Date.now() - this.begun) / 1000)} s)`);
  }

  /** Something that was found to be so. */
  so(what: string): void {
    console.log(`   ✓ ${what}`);
  }

  /** Something that happened beside the transactions of users. */
  note(what: string): void {
    console.log(`   · ${what}`);
  }

  /** A transaction that was carried out. */
  sent(what: string, { height, gasUsed }: { height: number; gasUsed: bigint }): void {
    this.rows.push({ what, gas: gasUsed });
    console.log(`   block ${height}  ${grouped(gasUsed).padStart(11)} gas  ${what}`);
  }

  /** The gas of each transaction. */
  table(): void {
    const width = Math.max(...this.rows.map(({ what }) => what.length));
    console.log(`\n${"transaction".padEnd(width)}  ${"gas used".padStart(11)}`);
    for (const { what, gas } of this.rows) console.log(`${what.padEnd(width)}  ${grouped(gas).padStart(11)}`);
    console.log(`\n${this.rows.length} transactions in ${Math.round((Date.now() - this.begun) / 1000)} s`);
  }
}
