"""The looks of the page: black on white, one A4 page, no colour that means something alone."""

STYLE = """
@page { size: A4 portrait; margin: 7mm 13mm; }
* { box-sizing: border-box; }
html { background: #fff; color: #111; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { font: 8.5pt/1.27 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; max-width: 184mm; margin: 0 auto; }
@media screen { body { padding: 8mm 0; } }
h1 { font-size: 14pt; line-height: 1.15; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 9pt; margin: 2.3mm 0 .5mm; padding-bottom: .6mm; border-bottom: .3mm solid #111; }
header { display: flex; justify-content: space-between; gap: 8mm; align-items: flex-end; }
header p { margin: 0; }
.kind { font-size: 8pt; letter-spacing: .04em; text-transform: uppercase; color: #444; }
.who { text-align: right; font-size: 11pt; font-weight: bold; overflow-wrap: anywhere; max-width: 62mm; }
.who small { display: block; font-size: 8pt; font-weight: normal; color: #444; }
.warning { margin: 1.5mm 0 0; padding: .8mm 2.5mm; border: .5mm solid #111; font-weight: bold; }
dl.facts { display: grid; grid-template-columns: 7fr 8fr 6fr 6fr; gap: 1.4mm 5mm; margin: 2.6mm 0 0; }
dl.facts div.wide { grid-column: span 2; }
dt { font-size: 7.5pt; color: #444; }
dd { margin: 0; font-weight: bold; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .35mm 2mm .35mm 0; border-bottom: .15mm solid #bbb; }
th { font-weight: normal; color: #444; }
thead th { font-size: 7.5pt; }
td { overflow-wrap: anywhere; }
td.done { white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.at { width: 1%; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.done td:last-child { font-weight: bold; }
.pair { display: grid; grid-template-columns: 11fr 7fr; gap: 0 8mm; }
.halves { columns: 2; column-gap: 8mm; }
.halves p { margin: 0; padding: .45mm 0; border-bottom: .15mm solid #bbb; break-inside: avoid; }
.halves p { overflow-wrap: anywhere; display: grid; grid-template-columns: 14mm 1fr; }
.prescribed { margin: .6mm 0 0; font-weight: bold; overflow-wrap: anywhere; }
.none, .more { margin: .6mm 0 0; color: #444; }
svg { display: block; width: 100%; height: auto; margin-top: 1mm; }
svg text { font-size: 10px; fill: #444; }
svg .left { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg .number { font-weight: bold; fill: #111; }
svg .grid { stroke: #ddd; stroke-width: .7; }
svg .axis { stroke: #444; stroke-width: .8; }
svg .planned { fill: #dfe5ec; stroke: #8593a3; stroke-width: .8; }
svg .left-over { fill: none; stroke: #8593a3; stroke-width: 1; stroke-dasharray: 4 3; }
svg .done { fill: none; stroke: #0b3d7a; stroke-width: 1.6; stroke-linejoin: round; }
svg .mark { stroke: #111; stroke-width: .7; stroke-dasharray: 1 2; }
.key { margin: .6mm 0 0; font-size: 7.5pt; color: #444; }
footer { margin-top: 3.2mm; font-size: 7.5pt; color: #444; }
footer p { margin: 0 0 .5mm; overflow-wrap: anywhere; }
footer code { font: 7.5pt "Liberation Mono", "Courier New", monospace; color: #111; }
"""
