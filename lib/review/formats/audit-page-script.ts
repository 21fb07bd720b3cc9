/**
 * The page's own script: shows the rows that match the filters. It only reads the page and hides rows; what is in the address
 * after `#` is a search, so that a filtered page can be passed on.
 */
export const auditPageScript = `
"use strict";
(() => {
  const part = (id) => document.getElementById(id);
  const rows = part("buckets") ? Array.from(part("buckets").rows) : [];
  if (rows.length === 0) return;
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const show = () => {
    const words = part("text").value.toLowerCase().split(/\\s+/).filter(Boolean);
    const finding = part("finding").value;
    const account = part("account").value;
    let shown = 0;
    rows.forEach((row, index) => {
      const findings = row.dataset.findings.split(" ").filter(Boolean);
      const fits = words.every((word) => texts[index].includes(word))
        && (finding === "" || (finding === "none" ? findings.length === 0 : findings.includes(finding)))
        && (account === "" || row.dataset.account === account);
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    part("shown").textContent = shown + " of " + rows.length + " shown";
  };
  const fromAddress = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const id of ["text", "finding", "account"]) if (asked.has(id)) part(id).value = asked.get(id);
    show();
  };
  part("filters").addEventListener("input", show);
  part("filters").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();
`;
