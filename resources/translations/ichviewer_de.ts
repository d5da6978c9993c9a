<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name></name>
    <message>
        <source> (failing)</source>
        <translation> (fehlgeschlagen)</translation>
    </message>
    <message>
        <source> (part {part})</source>
        <translation> (Teil {part})</translation>
    </message>
    <message>
        <source> Images are still being received, and series that lack some are not analyzed; export again afterwards.</source>
        <translation> Es werden noch Bilder empfangen, und Serien, denen welche fehlen, sind nicht analysiert; danach noch einmal exportieren.</translation>
    </message>
    <message>
        <source> Left, because open: {n_in_use:,}.</source>
        <translation> Behalten, weil geöffnet: {n_in_use:,}.</translation>
    </message>
    <message>
        <source> Listed is what it held at {read_at:%H:%M:%S}.</source>
        <translation> Gezeigt wird der Stand von {read_at:%H:%M:%S}.</translation>
    </message>
    <message>
        <source> Not all images came of {studies}: series that lack some are not analyzed.</source>
        <translation> Von {studies} kamen nicht alle Bilder: Serien, denen welche fehlen, sind nicht analysiert.</translation>
    </message>
    <message>
        <source> Not all of it is shown: {left}.</source>
        <translation> Nicht alles davon wird gezeigt: {left}.</translation>
    </message>
    <message>
        <source> Not encrypted before they are opened the next time: {n:,}.</source>
        <translation> Unverschlüsselt, bis sie das nächste Mal geöffnet werden: {n:,}.</translation>
    </message>
    <message>
        <source> The analysis is not finished; export again afterwards.</source>
        <translation> Die Analyse ist nicht beendet; bitte danach noch einmal exportieren.</translation>
    </message>
    <message>
        <source> The analysis was cancelled.</source>
        <translation> Die Analyse wurde abgebrochen.</translation>
    </message>
    <message>
        <source> Their key is missing: {n:,}; these are fetched again, or cleared.</source>
        <translation> Ihr Schlüssel fehlt: {n:,}; diese werden neu geholt oder gelöscht.</translation>
    </message>
    <message>
        <source> and {hidden:,} more are</source>
        <translation> und {hidden:,} weitere sind</translation>
    </message>
    <message>
        <source> at {position_mm} mm</source>
        <translation> bei {position_mm} mm</translation>
    </message>
    <message>
        <source> at {position}</source>
        <translation> bei {position}</translation>
    </message>
    <message>
        <source> is</source>
        <translation> ist</translation>
    </message>
    <message>
        <source> of {patient_name}</source>
        <translation> von {patient_name}</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source> so far</source>
        <translation> (bisher)</translation>
    </message>
    <message>
        <source> to </source>
        <translation> bis </translation>
    </message>
    <message>
        <source> to the patient&apos;s {sides}</source>
        <translation> nach {sides} (vom Patienten aus)</translation>
    </message>
    <message>
        <source> {files} could not be read: see {where}.</source>
        <translation> {files} konnten nicht gelesen werden: siehe {where}.</translation>
    </message>
    <message>
        <source> {flagged} goes to the next flagged slice.</source>
        <translation> {flagged} führt zur nächsten markierten Schicht.</translation>
    </message>
    <message>
        <source> {listed:,} of them listed.</source>
        <translation> Davon gezeigt: {listed:,}.</translation>
    </message>
    <message>
        <source> {number} came before.</source>
        <translation> {number} kamen vorher.</translation>
    </message>
    <message>
        <source> {series_were} open already.</source>
        <translation> {series_were} schon geöffnet.</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; cannot have a key that Qt does not know</source>
        <translation>„{name}“ kann keine Taste haben, die Qt nicht kennt</translation>
    </message>
    <message>
        <source>&amp;About ichviewer</source>
        <translation>Ü&amp;ber ichviewer</translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation>&amp;Originalgröße</translation>
    </message>
    <message>
        <source>&amp;All slices, not only key objects</source>
        <translation>&amp;Alle Schichten, nicht nur Schlüsselobjekte</translation>
    </message>
    <message>
        <source>&amp;Analysis</source>
        <translation>A&amp;nalyse</translation>
    </message>
    <message>
        <source>&amp;Angle</source>
        <translation>&amp;Winkel</translation>
    </message>
    <message>
        <source>&amp;Bidirectional</source>
        <translation>&amp;Bidirektional</translation>
    </message>
    <message>
        <source>&amp;Cancel analysis</source>
        <translation>Analyse &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Close all studies</source>
        <translation>&amp;Alle Studien schließen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>Lö&amp;schen</translation>
    </message>
    <message>
        <source>&amp;Ellipse</source>
        <translation>&amp;Ellipse</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation>CSV e&amp;xportieren…</translation>
    </message>
    <message>
        <source>&amp;Faster</source>
        <translation>&amp;Schneller</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Find studies…</source>
        <translation>&amp;Studien suchen…</translation>
    </message>
    <message>
        <source>&amp;First slice</source>
        <translation>&amp;Erste Schicht</translation>
    </message>
    <message>
        <source>&amp;Folder…</source>
        <translation>&amp;Ordner…</translation>
    </message>
    <message>
        <source>&amp;Freehand outline</source>
        <translation>Freihan&amp;dumriss</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation>&amp;Invertieren</translation>
    </message>
    <message>
        <source>&amp;Keyboard and mouse</source>
        <translation>&amp;Tastatur und Maus</translation>
    </message>
    <message>
        <source>&amp;Last slice</source>
        <translation>&amp;Letzte Schicht</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>&amp;Aufteilung</translation>
    </message>
    <message>
        <source>&amp;Length</source>
        <translation>&amp;Länge</translation>
    </message>
    <message>
        <source>&amp;Link here</source>
        <translation>&amp;Hier verknüpfen</translation>
    </message>
    <message>
        <source>&amp;Magnifier</source>
        <translation>Lu&amp;pe</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>&amp;Midline shift</source>
        <translation>&amp;Mittellinienverlagerung</translation>
    </message>
    <message>
        <source>&amp;Most suspicious slice</source>
        <translation>Ver&amp;dächtigste Schicht</translation>
    </message>
    <message>
        <source>&amp;Nearest acquired slice</source>
        <translation>&amp;Nächstgelegene aufgenommene Schicht</translation>
    </message>
    <message>
        <source>&amp;Next flagged slice</source>
        <translation>&amp;Nächste markierte Schicht</translation>
    </message>
    <message>
        <source>&amp;Next pane</source>
        <translation>Näch&amp;ste Ansicht</translation>
    </message>
    <message>
        <source>&amp;Only this pane</source>
        <translation>Nu&amp;r diese Ansicht</translation>
    </message>
    <message>
        <source>&amp;Open folder…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <source>&amp;Outbox…</source>
        <translation>&amp;Postausgang…</translation>
    </message>
    <message>
        <source>&amp;Pause analysis</source>
        <translation>Analyse an&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>&amp;Abspielen</translation>
    </message>
    <message>
        <source>&amp;Position</source>
        <translation>&amp;Position</translation>
    </message>
    <message>
        <source>&amp;Previous flagged slice</source>
        <translation>&amp;Vorherige markierte Schicht</translation>
    </message>
    <message>
        <source>&amp;Previous pane</source>
        <translation>&amp;Vorherige Ansicht</translation>
    </message>
    <message>
        <source>&amp;Probe</source>
        <translation>&amp;Punktwert</translation>
    </message>
    <message>
        <source>&amp;Problems of the input…</source>
        <translation>&amp;Probleme der Eingabe…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Rectangle</source>
        <translation>&amp;Rechteck</translation>
    </message>
    <message>
        <source>&amp;Reformats</source>
        <translation>&amp;Reformationen</translation>
    </message>
    <message>
        <source>&amp;Reset view</source>
        <translation>Ansicht &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Select and move</source>
        <translation>&amp;Auswählen und verschieben</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>&amp;Show regions</source>
        <translation>&amp;Regionen zeigen</translation>
    </message>
    <message>
        <source>&amp;Slower</source>
        <translation>&amp;Langsamer</translation>
    </message>
    <message>
        <source>&amp;Sources…</source>
        <translation>&amp;Quellen…</translation>
    </message>
    <message>
        <source>&amp;Straighten</source>
        <translation>&amp;Ausrichten</translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation>DICOM-Ta&amp;gs…</translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation>&amp;Text</translation>
    </message>
    <message>
        <source>&amp;Thicker slab</source>
        <translation>Di&amp;ckerer Slab</translation>
    </message>
    <message>
        <source>&amp;This pane takes part</source>
        <translation>&amp;Diese Ansicht nimmt teil</translation>
    </message>
    <message>
        <source>&amp;Three windows</source>
        <translation>Drei &amp;Fenster</translation>
    </message>
    <message>
        <source>&amp;Thresholds</source>
        <translation>&amp;Schwellenwerte</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>Rückgängi&amp;g</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;What&apos;s new</source>
        <translation>&amp;Neuigkeiten</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>&amp;Worklist…</source>
        <translation>&amp;Arbeitsliste…</translation>
    </message>
    <message>
        <source>&amp;Zoom and pan</source>
        <translation>&amp;Zoom und Verschiebung</translation>
    </message>
    <message>
        <source>&amp;{factor} times</source>
        <translation>&amp;{factor}-fach</translation>
    </message>
    <message>
        <source>&apos;center_hu&apos; and &apos;width_hu&apos; make no window</source>
        <translation>„center_hu“ und „width_hu“ ergeben kein Fenster</translation>
    </message>
    <message>
        <source>&apos;key&apos; must lie within 1 to 9</source>
        <translation>„key“ muss zwischen 1 und 9 liegen</translation>
    </message>
    <message>
        <source>&apos;name&apos; must not be empty</source>
        <translation>„name“ darf nicht leer sein</translation>
    </message>
    <message>
        <source>&apos;source&apos; can only be &quot;file&quot;</source>
        <translation>„source“ kann nur &quot;file&quot; sein</translation>
    </message>
    <message>
        <source>, TLS</source>
        <translation>, TLS</translation>
    </message>
    <message>
        <source>, and how they came about to {name} beside it</source>
        <translation>, und wie sie zustande kamen, nach {name} daneben</translation>
    </message>
    <message>
        <source>, none differs</source>
        <translation>, keiner weicht ab</translation>
    </message>
    <message>
        <source>, over its threshold</source>
        <translation>, über dem Schwellenwert</translation>
    </message>
    <message>
        <source>, threshold {threshold}</source>
        <translation>, Schwellenwert {threshold}</translation>
    </message>
    <message>
        <source>, turned by {angle_deg:.1f}°</source>
        <translation>, um {angle_deg:.1f}° gedreht</translation>
    </message>
    <message>
        <source>, up to {highest}</source>
        <translation>, bis {highest}</translation>
    </message>
    <message>
        <source>, {differing:,} of them differ</source>
        <translation>, {differing:,} davon weichen ab</translation>
    </message>
    <message>
        <source>, {number:,} failed</source>
        <translation>, {number:,} fehlgeschlagen</translation>
    </message>
    <message>
        <source>12-bit values had wrapped around and were repaired</source>
        <translation>12-Bit-Werte waren übergelaufen und wurden repariert</translation>
    </message>
    <message>
        <source>25 to 75 % of the largest</source>
        <translation>25 bis 75 % der größten</translation>
    </message>
    <message>
        <source>; none of them is over a threshold. That does not rule hemorrhage out.</source>
        <translation>; keine davon liegt über einem Schwellenwert. Das schließt eine Blutung nicht aus.</translation>
    </message>
    <message>
        <source>; there may be more. Narrow the search, or let more be listed</source>
        <translation>; es kann mehr geben. Suche eingrenzen oder mehr anzeigen lassen</translation>
    </message>
    <message>
        <source>; {listed:,} listed</source>
        <translation>; {listed:,} gezeigt</translation>
    </message>
    <message>
        <source>; {n:,} are flagged.</source>
        <translation>; {n:,} sind markiert.</translation>
    </message>
    <message>
        <source>; {n:,} is flagged.</source>
        <translation>; {n:,} ist markiert.</translation>
    </message>
    <message>
        <source>; {series_are} waiting</source>
        <translation>; {series_are} noch offen</translation>
    </message>
    <message>
        <source>A certificate and its key are given both or neither.</source>
        <translation>Zertifikat und Schlüssel werden beide angegeben oder keines von beiden.</translation>
    </message>
    <message>
        <source>A child&apos;s head: {found} (the model is meant for adults)</source>
        <translation>Kopf eines Kindes: {found} (das Modell ist für Erwachsene gedacht)</translation>
    </message>
    <message>
        <source>A column of the image as wide as a pixel of the screen</source>
        <translation>Eine Bildspalte so breit wie ein Pixel des Bildschirms</translation>
    </message>
    <message>
        <source>A film as APNG</source>
        <translation>Ein Film als APNG</translation>
    </message>
    <message>
        <source>A film as GIF</source>
        <translation>Ein Film als GIF</translation>
    </message>
    <message>
        <source>A film as WebP</source>
        <translation>Ein Film als WebP</translation>
    </message>
    <message>
        <source>A folder with a PNG a slice</source>
        <translation>Ein Ordner mit einem PNG je Schicht</translation>
    </message>
    <message>
        <source>A large one and three small ones</source>
        <translation>Eine große und drei kleine</translation>
    </message>
    <message>
        <source>A lens under the mouse</source>
        <translation>Eine Lupe unter der Maus</translation>
    </message>
    <message>
        <source>A lens under the mouse that enlarges {factor} times</source>
        <translation>Eine Lupe unter der Maus, die {factor}-fach vergrößert</translation>
    </message>
    <message>
        <source>A link can name a node or a server only, not a folder: {name}.</source>
        <translation>Ein Link kann nur einen Knoten oder Server nennen, keinen Ordner: {name}.</translation>
    </message>
    <message>
        <source>A link of another program asks for it. Fetch it only if you followed one.</source>
        <translation>Ein Link eines anderen Programms fragt danach. Holen Sie sie nur, wenn Sie einem Link gefolgt sind.</translation>
    </message>
    <message>
        <source>A list for research: it must not decide who is looked at first in patient care. NOT ANALYZED means that nothing is known. “Analyzed, nothing flagged” says that no probability reaches its threshold, and no more.</source>
        <translation>Eine Liste für die Forschung: Sie darf nicht bestimmen, wer in der Patientenversorgung zuerst angesehen wird. NICHT ANALYSIERT heißt, dass nichts bekannt ist. „Analysiert, nichts markiert“ sagt, dass keine Wahrscheinlichkeit ihren Schwellenwert erreicht, und nicht mehr.</translation>
    </message>
    <message>
        <source>A name has at most {longest_name} letters.</source>
        <translation>Ein Name hat höchstens {longest_name} Zeichen.</translation>
    </message>
    <message>
        <source>A name has letters, at most {most_name} characters and five parts, and neither \ nor =.</source>
        <translation>Ein Name hat Buchstaben, höchstens {most_name} Zeichen und fünf Teile und weder \ noch =.</translation>
    </message>
    <message>
        <source>A region still grows or is smoothed. Wait for it, or cancel it.</source>
        <translation>Eine Region wächst noch oder wird geglättet. Bitte warten oder abbrechen.</translation>
    </message>
    <message>
        <source>A report could not be saved.</source>
        <translation>Ein Bericht konnte nicht gespeichert werden.</translation>
    </message>
    <message>
        <source>A report of the series in view with key images, as PDF</source>
        <translation>Ein Bericht über die gezeigte Serie mit Schlüsselbildern, als PDF</translation>
    </message>
    <message>
        <source>A study is shown from its first image on. It is analyzed when all of it has come: a part of it could be taken for all.</source>
        <translation>Eine Studie wird vom ersten Bild an gezeigt. Analysiert wird sie, wenn sie ganz da ist: Ein Teil könnte sonst für das Ganze gehalten werden.</translation>
    </message>
    <message>
        <source>A study that is open lies decrypted, for your eyes only. Whoever uses your session can read all of them. The disk encryption of the system also protects swap and deleted files.</source>
        <translation>Eine geöffnete Studie liegt entschlüsselt, nur für Sie lesbar. Wer Ihre Sitzung benutzt, kann alle lesen. Die Festplattenverschlüsselung des Systems schützt auch Auslagerungsspeicher und gelöschte Dateien.</translation>
    </message>
    <message>
        <source>A window needs a name.</source>
        <translation>Ein Fenster braucht einen Namen.</translation>
    </message>
    <message>
        <source>AB&amp;C/2 volume</source>
        <translation>Volumen nach AB&amp;C/2</translation>
    </message>
    <message>
        <source>ABC/2 as drawn</source>
        <translation>ABC/2 wie gezeichnet</translation>
    </message>
    <message>
        <source>ABC/2 as drawn on a reformat</source>
        <translation>ABC/2 wie auf einer Reformation gezeichnet</translation>
    </message>
    <message>
        <source>ABC/2 of these voxels</source>
        <translation>ABC/2 dieser Voxel</translation>
    </message>
    <message>
        <source>ABC/2 on a reformat: {why}</source>
        <translation>ABC/2 auf einer Reformation: {why}</translation>
    </message>
    <message>
        <source>ABC/2 {volume}</source>
        <translation>ABC/2 {volume}</translation>
    </message>
    <message>
        <source>ABC/2, step 3 of 3: C. Go through the slices, and say of each with hemorrhage how large its area is. Over 75 % of the largest area counts as one slice, 25 to 75 % as half a slice, less as none.</source>
        <translation>ABC/2, Schritt 3 von 3: C. Gehen Sie durch die Schichten und geben Sie für jede mit Blutung an, wie groß ihre Fläche ist. Über 75 % der größten Fläche zählt als eine Schicht, 25 bis 75 % als halbe, weniger gar nicht.</translation>
    </message>
    <message>
        <source>AE title of the node</source>
        <translation>AE-Titel des Knotens</translation>
    </message>
    <message>
        <source>About ichviewer</source>
        <translation>Über ichviewer</translation>
    </message>
    <message>
        <source>About this series</source>
        <translation>Zu dieser Serie</translation>
    </message>
    <message>
        <source>Accession</source>
        <translation>Auftragsnummer</translation>
    </message>
    <message>
        <source>Accession {accession}</source>
        <translation>Auftragsnummer {accession}</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Add a window after the selected one</source>
        <translation>Ein Fenster nach dem gewählten hinzufügen</translation>
    </message>
    <message>
        <source>Add a {value}</source>
        <translation>Hinzufügen: {value}</translation>
    </message>
    <message>
        <source>Add {words}…</source>
        <translation>{words} hinzufügen…</translation>
    </message>
    <message>
        <source>Add, change and test sources</source>
        <translation>Quellen hinzufügen, ändern und prüfen</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Alter</translation>
    </message>
    <message>
        <source>Age then</source>
        <translation>Alter damals</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All DICOM tags of the slice in view</source>
        <translation>Alle DICOM-Tags der gezeigten Schicht</translation>
    </message>
    <message>
        <source>All slices</source>
        <translation>Alle Schichten</translation>
    </message>
    <message>
        <source>All studies</source>
        <translation>Alle Studien</translation>
    </message>
    <message>
        <source>Alone</source>
        <translation>Allein</translation>
    </message>
    <message>
        <source>Also in the taskbar</source>
        <translation>Auch in der Taskleiste</translation>
    </message>
    <message>
        <source>Also with a sound</source>
        <translation>Auch mit einem Ton</translation>
    </message>
    <message>
        <source>An unexpected error; a report tells more.</source>
        <translation>Ein unerwarteter Fehler; mehr steht in einem Bericht.</translation>
    </message>
    <message>
        <source>Analysis cancelled; {slices} analyzed</source>
        <translation>Analyse abgebrochen; {slices} analysiert</translation>
    </message>
    <message>
        <source>Analyze &amp;again</source>
        <translation>Ne&amp;u analysieren</translation>
    </message>
    <message>
        <source>Analyze everything again</source>
        <translation>Alles neu analysieren</translation>
    </message>
    <message>
        <source>Analyzed, no flag</source>
        <translation>Analysiert, nicht markiert</translation>
    </message>
    <message>
        <source>Analyzed: nothing over its threshold</source>
        <translation>Analysiert: nichts über dem Schwellenwert</translation>
    </message>
    <message>
        <source>Analyzing slice {done:,} of {total:,}</source>
        <translation>Schicht {done:,} von {total:,} wird analysiert</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Annotations are not saved. {error}</source>
        <translation>Anmerkungen werden nicht gespeichert. {error}</translation>
    </message>
    <message>
        <source>Annotations that were damaged earlier still lie at {names}. Delete them if they are not needed.</source>
        <translation>Früher beschädigte Anmerkungen liegen noch in {names}. Löschen Sie sie, wenn sie nicht gebraucht werden.</translation>
    </message>
    <message>
        <source>Another language is used from the next start on. CSV files, DICOM results and the words below saved pictures are English in every language.</source>
        <translation>Eine andere Sprache gilt ab dem nächsten Start. CSV-Dateien, DICOM-Ergebnisse und der Text unter gespeicherten Bildern sind in jeder Sprache englisch.</translation>
    </message>
    <message>
        <source>Another link was not followed: answer the first one.</source>
        <translation>Einem weiteren Link wurde nicht gefolgt: Beantworten Sie den ersten.</translation>
    </message>
    <message>
        <source>Another study is being fetched; cancel it first.</source>
        <translation>Es wird gerade eine andere Studie geholt; bitte zuerst abbrechen.</translation>
    </message>
    <message>
        <source>Answer for this series</source>
        <translation>Aussage zu dieser Serie</translation>
    </message>
    <message>
        <source>Any date</source>
        <translation>Jedes Datum</translation>
    </message>
    <message>
        <source>Any hemorrhage</source>
        <translation>Jegliche Blutung</translation>
    </message>
    <message>
        <source>Any in the series, slices pooled: {whole}</source>
        <translation>Jegliche Blutung in der Serie, Schichten zusammengefasst: {whole}</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Appearance, windows, mouse, storage</source>
        <translation>Aussehen, Fenster, Maus, Speicherorte</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Area and HU within a rectangle</source>
        <translation>Fläche und HU in einem Rechteck</translation>
    </message>
    <message>
        <source>Area and HU within an ellipse</source>
        <translation>Fläche und HU in einer Ellipse</translation>
    </message>
    <message>
        <source>Area and HU within an outline</source>
        <translation>Fläche und HU in einem Umriss</translation>
    </message>
    <message>
        <source>Area {area}</source>
        <translation>Fläche {area}</translation>
    </message>
    <message>
        <source>Arro&amp;w</source>
        <translation>Pfe&amp;il</translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>As found</source>
        <translation>Unsortiert</translation>
    </message>
    <message>
        <source>As in</source>
        <translation>Wie in</translation>
    </message>
    <message>
        <source>As seen, with words</source>
        <translation>Wie gezeigt, mit Text</translation>
    </message>
    <message>
        <source>As the slice in view</source>
        <translation>Wie die gezeigte Schicht</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>As the system shows it</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Ask the selected source for a sign of life</source>
        <translation>Bei der gewählten Quelle nachfragen, ob sie antwortet</translation>
    </message>
    <message>
        <source>Ask the source for a sign of life</source>
        <translation>Bei der Quelle nachfragen, ob sie antwortet</translation>
    </message>
    <message>
        <source>Asking {name}…</source>
        <translation>{name} wird gefragt…</translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation>Wird gefragt…</translation>
    </message>
    <message>
        <source>At exit</source>
        <translation>Beim Beenden</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Axial, coronal and sagittal planes of the series, or its slices again</source>
        <translation>Axiale, koronale und sagittale Ebenen der Serie, oder wieder ihre Schichten</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the acquired slices</source>
        <translation>Zurück zu den aufgenommenen Schichten</translation>
    </message>
    <message>
        <source>Back to the empty window</source>
        <translation>Zurück zum leeren Fenster</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Beside others</source>
        <translation>Neben anderen</translation>
    </message>
    <message>
        <source>Bidirectional</source>
        <translation>Bidirektional</translation>
    </message>
    <message>
        <source>Blue stripes: no image</source>
        <translation>Blaue Streifen: kein Bild</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Born</source>
        <translation>Geboren</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>Hirn</translation>
    </message>
    <message>
        <source>Brain, subdural and bone window of this slice side by side, or back to what was there</source>
        <translation>Hirn-, Subdural- und Knochenfenster dieser Schicht nebeneinander, oder zurück zu dem, was vorher da war</translation>
    </message>
    <message>
        <source>Brush radius</source>
        <translation>Pinselradius</translation>
    </message>
    <message>
        <source>By 90 degrees clockwise</source>
        <translation>Um 90 Grad im Uhrzeigersinn</translation>
    </message>
    <message>
        <source>By 90 degrees counterclockwise</source>
        <translation>Um 90 Grad gegen den Uhrzeigersinn</translation>
    </message>
    <message>
        <source>By date</source>
        <translation>Nach Datum</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Name</translation>
    </message>
    <message>
        <source>By suspicion</source>
        <translation>Nach Verdacht</translation>
    </message>
    <message>
        <source>C has to be counted again for the copy.</source>
        <translation>C muss für die Kopie neu gezählt werden.</translation>
    </message>
    <message>
        <source>C is still to be counted</source>
        <translation>C ist noch zu zählen</translation>
    </message>
    <message>
        <source>C-GET, and C-MOVE for the rest</source>
        <translation>C-GET, und C-MOVE für den Rest</translation>
    </message>
    <message>
        <source>C-GET, over the same connection</source>
        <translation>C-GET, über dieselbe Verbindung</translation>
    </message>
    <message>
        <source>C-MOVE needs a port that the node sends to.</source>
        <translation>C-MOVE braucht einen Port, an den der Knoten sendet.</translation>
    </message>
    <message>
        <source>C-MOVE needs a receiver to send to</source>
        <translation>C-MOVE braucht einen Empfänger, an den gesendet wird</translation>
    </message>
    <message>
        <source>C-MOVE, to our receiver</source>
        <translation>C-MOVE, an unseren Empfänger</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Captured screen</source>
        <translation>Bildschirmaufnahme</translation>
    </message>
    <message>
        <source>Center in HU</source>
        <translation>Fensterlage in HU</translation>
    </message>
    <message>
        <source>Certificates to trust</source>
        <translation>Vertraute Zertifikate</translation>
    </message>
    <message>
        <source>Chan&amp;ge the window</source>
        <translation>&amp;Fenster ändern</translation>
    </message>
    <message>
        <source>Change keys</source>
        <translation>Tasten ändern</translation>
    </message>
    <message>
        <source>Change the selected source</source>
        <translation>Die gewählte Quelle ändern</translation>
    </message>
    <message>
        <source>Checking pixels of slice {checking} of {checking_2}</source>
        <translation>Pixel der Schicht {checking} von {checking_2} werden geprüft</translation>
    </message>
    <message>
        <source>Choose DICOM files or a ZIP</source>
        <translation>DICOM-Dateien oder ein ZIP wählen</translation>
    </message>
    <message>
        <source>Choose a folder with DICOM files</source>
        <translation>Einen Ordner mit DICOM-Dateien wählen</translation>
    </message>
    <message>
        <source>Choose at least one kind.</source>
        <translation>Mindestens eine Art wählen.</translation>
    </message>
    <message>
        <source>Choose the data folder of a node</source>
        <translation>Den Datenordner eines Knotens wählen</translation>
    </message>
    <message>
        <source>Choose the data folder of a node, or the database file of its worklist.</source>
        <translation>Wählen Sie den Datenordner eines Knotens oder die Datenbankdatei seiner Arbeitsliste.</translation>
    </message>
    <message>
        <source>Choose the database file of a worklist</source>
        <translation>Die Datenbankdatei einer Arbeitsliste wählen</translation>
    </message>
    <message>
        <source>Choose the folder for annotations</source>
        <translation>Den Ordner für Anmerkungen wählen</translation>
    </message>
    <message>
        <source>Choose: {words}</source>
        <translation>Wählen: {words}</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Clear now</source>
        <translation>Jetzt leeren</translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation>Diese Liste leeren</translation>
    </message>
    <message>
        <source>Click a command and press its new key. Esc leaves it as it is, Delete takes its keys away. Every change counts at once.</source>
        <translation>Klicken Sie auf einen Befehl und drücken Sie seine neue Taste. Esc lässt ihn, wie er ist, Entf nimmt ihm seine Tasten. Jede Änderung gilt sofort.</translation>
    </message>
    <message>
        <source>Click into the hemorrhage: connected pixels within the range are added, on the slice, plane or slab in view, or in 3-D.</source>
        <translation>In die Blutung klicken: Zusammenhängende Pixel im Bereich kommen hinzu, auf der gezeigten Schicht, der Ebene oder dem Slab, oder in 3-D.</translation>
    </message>
    <message>
        <source>Click on a reformat</source>
        <translation>Klick auf eine Reformation</translation>
    </message>
    <message>
        <source>Click or drag in the strip</source>
        <translation>Klicken oder Ziehen in der Leiste</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close all that was opened together with the study in the active pane, and leave all else as it is</source>
        <translation>Alles schließen, was zusammen mit der Studie der aktiven Ansicht geöffnet wurde, und alles andere lassen, wie es ist</translation>
    </message>
    <message>
        <source>Close everything that is open</source>
        <translation>Alles schließen, was geöffnet ist</translation>
    </message>
    <message>
        <source>Close fo&amp;lder in view</source>
        <translation>Gezeigten Ordner schl&amp;ießen</translation>
    </message>
    <message>
        <source>Close folder: {name} ({studies})</source>
        <translation>Ordner schließen: {name} ({studies})</translation>
    </message>
    <message>
        <source>Close study in &amp;view</source>
        <translation>&amp;Gezeigte Studie schließen</translation>
    </message>
    <message>
        <source>Close study: {named}</source>
        <translation>Studie schließen: {named}</translation>
    </message>
    <message>
        <source>Close the study in the active pane, and leave all others as they are</source>
        <translation>Die Studie in der aktiven Ansicht schließen und alle anderen lassen, wie sie sind</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Close {panel}</source>
        <translation>{panel} schließen</translation>
    </message>
    <message>
        <source>Color image</source>
        <translation>Farbbild</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Durch Komma getrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <source>Compare with slice</source>
        <translation>Vergleichen mit Schicht</translation>
    </message>
    <message>
        <source>Compare with {other_title}</source>
        <translation>Vergleichen mit {other_title}</translation>
    </message>
    <message>
        <source>Compare with …</source>
        <translation>Vergleichen mit …</translation>
    </message>
    <message>
        <source>Connect with TLS</source>
        <translation>Mit TLS verbinden</translation>
    </message>
    <message>
        <source>Contrast medium</source>
        <translation>Kontrastmittel</translation>
    </message>
    <message>
        <source>Contrast medium: {found} (the model was trained on scans without)</source>
        <translation>Kontrastmittel: {found} (das Modell wurde an nativen Aufnahmen trainiert)</translation>
    </message>
    <message>
        <source>Copies go from one acquired slice to the next, not on reformats.</source>
        <translation>Kopien gehen von einer aufgenommenen Schicht in die nächste, nicht auf Reformationen.</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Copy every item that is listed, indented</source>
        <translation>Jeden gezeigten Eintrag kopieren, eingerückt</translation>
    </message>
    <message>
        <source>Copy every problem that is listed, one a line</source>
        <translation>Jedes gezeigte Problem kopieren, eines je Zeile</translation>
    </message>
    <message>
        <source>Copy every tag that is listed, one a line, with tabs between</source>
        <translation>Jeden gezeigten Tag kopieren, einen je Zeile, durch Tabulatoren getrennt</translation>
    </message>
    <message>
        <source>Copy p&amp;icture</source>
        <translation>Bild kopie&amp;ren</translation>
    </message>
    <message>
        <source>Copy picture &amp;with patient data</source>
        <translation>Bild mit Pa&amp;tientendaten kopieren</translation>
    </message>
    <message>
        <source>Copy selected</source>
        <translation>Auswahl kopieren</translation>
    </message>
    <message>
        <source>Copy the selected tags  (Ctrl+C)</source>
        <translation>Die gewählten Tags kopieren  (Strg+C)</translation>
    </message>
    <message>
        <source>Copy to the &amp;next slice</source>
        <translation>In die &amp;nächste Schicht kopieren</translation>
    </message>
    <message>
        <source>Copy what is selected to the next slice</source>
        <translation>Die Auswahl in die nächste Schicht kopieren</translation>
    </message>
    <message>
        <source>Copy what went wrong as text</source>
        <translation>Was schiefging als Text kopieren</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronal</translation>
    </message>
    <message>
        <source>Count these slices</source>
        <translation>Diese Schichten zählen</translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation>Strg und Mausrad</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Strg+Mausrad</translation>
    </message>
    <message>
        <source>Cut pixels: {found}</source>
        <translation>Abgeschnittene Pixel: {found}</translation>
    </message>
    <message>
        <source>DICOM node</source>
        <translation>DICOM-Knoten</translation>
    </message>
    <message numerus="yes">
        <source>DICOM object</source>
        <comment>DICOM objects</comment>
        <translation>
            <numerusform>DICOM-Objekt</numerusform>
            <numerusform>DICOM-Objekte</numerusform>
        </translation>
    </message>
    <message>
        <source>DICOMweb server</source>
        <translation>DICOMweb-Server</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete region</source>
        <translation>Region löschen</translation>
    </message>
    <message>
        <source>Delete what is selected</source>
        <translation>Die Auswahl löschen</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Do not show this any more</source>
        <translation>Nicht mehr zeigen</translation>
    </message>
    <message>
        <source>Do not show what is new</source>
        <translation>Neuigkeiten nicht zeigen</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Double click on title or edge</source>
        <translation>Doppelklick auf Titel oder Rand</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Drag a line, its end</source>
        <translation>Linie oder ihr Ende ziehen</translation>
    </message>
    <message>
        <source>Drag a rectangle over the region</source>
        <translation>Ein Rechteck über die Region ziehen</translation>
    </message>
    <message>
        <source>Drag a rectangle over the region that the window is to show; Esc gives up.</source>
        <translation>Ziehen Sie ein Rechteck über die Region, die das Fenster zeigen soll; Esc bricht ab.</translation>
    </message>
    <message>
        <source>Drag a rectangle: the window goes around the median HU in it, as wide as their spread</source>
        <translation>Ein Rechteck ziehen: Das Fenster liegt um den Median der HU darin, so breit wie deren Streuung</translation>
    </message>
    <message>
        <source>Drag a series from the list here, or click it while this pane is the active one.</source>
        <translation>Ziehen Sie eine Serie aus der Liste hierher, oder klicken Sie sie an, während diese Ansicht aktiv ist.</translation>
    </message>
    <message>
        <source>Drag from the list of studies</source>
        <translation>Ziehen aus der Liste der Studien</translation>
    </message>
    <message>
        <source>Drag to change the window</source>
        <translation>Ziehen, um das Fenster zu ändern</translation>
    </message>
    <message>
        <source>Draw the midline and the orbitomeatal line to straighten the head</source>
        <translation>Mittellinie und Orbitomeatallinie zeichnen, um den Kopf auszurichten</translation>
    </message>
    <message>
        <source>Draw the midline and the orbitomeatal line to straighten the head, or stop that</source>
        <translation>Mittellinie und Orbitomeatallinie zeichnen, um den Kopf auszurichten, oder das beenden</translation>
    </message>
    <message>
        <source>Draw the painted regions on images and reformats, or not</source>
        <translation>Gemalte Regionen auf Bildern und Reformationen zeichnen oder nicht</translation>
    </message>
    <message>
        <source>Draw the stored results that were opened over the images, or not</source>
        <translation>Die geöffneten gespeicherten Ergebnisse über die Bilder zeichnen, oder nicht</translation>
    </message>
    <message>
        <source>Drawn {distance_mm:.1f} mm from this plane{turned}</source>
        <translation>{distance_mm:.1f} mm von dieser Ebene gezeichnet{turned}</translation>
    </message>
    <message>
        <source>Drop target</source>
        <translation>Ablegefläche</translation>
    </message>
    <message>
        <source>Drop to open</source>
        <translation>Zum Öffnen loslassen</translation>
    </message>
    <message>
        <source>Drop to open {items}</source>
        <translation>Loslassen, um {items} zu öffnen</translation>
    </message>
    <message>
        <source>EDH</source>
        <translation>EDH</translation>
    </message>
    <message>
        <source>Each slice&apos;s own, of the file</source>
        <translation>Das eigene jeder Schicht, aus der Datei</translation>
    </message>
    <message>
        <source>Earlier studies</source>
        <translation>Frühere Studien</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten…</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>Encrypted with a key in the system&apos;s keyring.</source>
        <translation>Verschlüsselt mit einem Schlüssel im Schlüsselbund des Systems.</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>Verschlüsselung</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Enter center and width in HU</source>
        <translation>Fensterlage und Fensterbreite in HU eingeben</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <source>Estimate the volume of a hematoma from three diameters</source>
        <translation>Das Volumen eines Hämatoms aus drei Durchmessern schätzen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export findings</source>
        <translation>Befunde exportieren</translation>
    </message>
    <message>
        <source>Export findings of all {studies:,} open studies ({patients})</source>
        <translation>Befunde aller {studies:,} geöffneten Studien exportieren ({patients})</translation>
    </message>
    <message>
        <source>Export measurements</source>
        <translation>Messungen exportieren</translation>
    </message>
    <message>
        <source>Export measurements as &amp;JSON…</source>
        <translation>Messungen als &amp;JSON exportieren…</translation>
    </message>
    <message>
        <source>Export measurements as CSV…</source>
        <translation>Messungen als CSV exportieren…</translation>
    </message>
    <message>
        <source>F&amp;iles…</source>
        <translation>&amp;Dateien…</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Failed or not analyzed</source>
        <translation>Fehlgeschlagen oder nicht analysiert</translation>
    </message>
    <message>
        <source>Failed: {text}</source>
        <translation>Fehlgeschlagen: {text}</translation>
    </message>
    <message>
        <source>Family^Given</source>
        <translation>Nachname^Vorname</translation>
    </message>
    <message>
        <source>Farthest from the seed</source>
        <translation>Größter Abstand vom Saatpunkt</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>Holen</translation>
    </message>
    <message>
        <source>Fetch and open</source>
        <translation>Holen und öffnen</translation>
    </message>
    <message>
        <source>Fetch the selected study and open it</source>
        <translation>Die gewählte Studie holen und öffnen</translation>
    </message>
    <message>
        <source>Fetch this study?</source>
        <translation>Diese Studie holen?</translation>
    </message>
    <message>
        <source>Fetched studies</source>
        <translation>Geholte Studien</translation>
    </message>
    <message>
        <source>Fetched studies at exit</source>
        <translation>Geholte Studien beim Beenden</translation>
    </message>
    <message>
        <source>Fetched studies kept, in GB</source>
        <translation>Geholte Studien behalten, in GB</translation>
    </message>
    <message>
        <source>Fetched.</source>
        <translation>Geholt.</translation>
    </message>
    <message>
        <source>Fetching (WADO-RS)</source>
        <translation>Holen (WADO-RS)</translation>
    </message>
    <message>
        <source>Fetching was cancelled. What arrived is kept.</source>
        <translation>Das Holen wurde abgebrochen. Was ankam, bleibt erhalten.</translation>
    </message>
    <message>
        <source>Fetching {count} from {value}</source>
        <translation>{count} von {value} wird geholt</translation>
    </message>
    <message>
        <source>Field of view: {found} (the model was trained on whole heads)</source>
        <translation>Bildfeld: {found} (das Modell wurde an ganzen Köpfen trainiert)</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Fill this page as in a new installation; it acts with Apply or OK</source>
        <translation>Diese Seite füllen wie bei einer neuen Installation; es gilt erst mit Übernehmen oder OK</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter by a word</source>
        <translation>Nach einem Wort filtern</translation>
    </message>
    <message>
        <source>Filter the list</source>
        <translation>Die Liste filtern</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befunde</translation>
    </message>
    <message>
        <source>Findings among the words</source>
        <translation>Befunde im Text</translation>
    </message>
    <message>
        <source>Findings are shown on the acquired slices.</source>
        <translation>Befunde werden auf den aufgenommenen Schichten gezeigt.</translation>
    </message>
    <message>
        <source>Findings of the slice and the series</source>
        <translation>Befunde der Schicht und der Serie</translation>
    </message>
    <message>
        <source>First date</source>
        <translation>Erstes Datum</translation>
    </message>
    <message>
        <source>First image: {came:%Y-%m-%d %H:%M:%S}</source>
        <translation>Erstes Bild: {came:%Y-%m-%d %H:%M:%S}</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>Erste Schicht</translation>
    </message>
    <message>
        <source>Five slices &amp;back</source>
        <translation>Fünf Schichten &amp;zurück</translation>
    </message>
    <message>
        <source>Five slices &amp;on</source>
        <translation>&amp;Fünf Schichten weiter</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Markiert</translation>
    </message>
    <message>
        <source>Flagged slices</source>
        <translation>Markierte Schichten</translation>
    </message>
    <message>
        <source>Flip &amp;horizontally</source>
        <translation>&amp;Horizontal spiegeln</translation>
    </message>
    <message>
        <source>Flip &amp;vertically</source>
        <translation>&amp;Vertikal spiegeln</translation>
    </message>
    <message>
        <source>Flip an&amp;d rotate</source>
        <translation>Spiegeln und &amp;drehen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folder for annotations</source>
        <translation>Ordner für Anmerkungen</translation>
    </message>
    <message>
        <source>Folder for the results</source>
        <translation>Ordner für die Ergebnisse</translation>
    </message>
    <message>
        <source>Folders, DICOM nodes and DICOMweb servers that studies come from and go to</source>
        <translation>Ordner, DICOM-Knoten und DICOMweb-Server, von denen Studien kommen und an die sie gehen</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>For a connection</source>
        <translation>Auf eine Verbindung</translation>
    </message>
    <message>
        <source>For the next answer</source>
        <translation>Auf die nächste Antwort</translation>
    </message>
    <message>
        <source>For the next bytes</source>
        <translation>Auf die nächsten Bytes</translation>
    </message>
    <message>
        <source>Forget everything that was sent</source>
        <translation>Alles vergessen, was gesendet wurde</translation>
    </message>
    <message>
        <source>Forget the selected objects</source>
        <translation>Die gewählten Objekte vergessen</translation>
    </message>
    <message>
        <source>Forget the selected source</source>
        <translation>Die gewählte Quelle vergessen</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Four</source>
        <translation>Vier</translation>
    </message>
    <message>
        <source>Freehand</source>
        <translation>Freihand</translation>
    </message>
    <message>
        <source>From file</source>
        <translation>Aus der Datei</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>Von … bis …</translation>
    </message>
    <message>
        <source>Full range</source>
        <translation>Ganzer Bereich</translation>
    </message>
    <message>
        <source>Full s&amp;creen</source>
        <translation>Voll&amp;bild</translation>
    </message>
    <message>
        <source>Go back to the model that comes with the program</source>
        <translation>Zurück zum mitgelieferten Modell</translation>
    </message>
    <message>
        <source>Go to slice {nearest_slice}</source>
        <translation>Zu Schicht {nearest_slice}</translation>
    </message>
    <message>
        <source>Go to the slice</source>
        <translation>Zur Schicht</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>Gruppen von Einstellungen</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Wachsen</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Hash</translation>
    </message>
    <message>
        <source>Head CT: suspected intracranial hemorrhage</source>
        <translation>Kopf-CT: Verdacht auf intrakranielle Blutung</translation>
    </message>
    <message>
        <source>Help lists all keys.</source>
        <translation>Die Hilfe nennt alle Tasten.</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Hide &amp;panels</source>
        <translation>&amp;Seitenleisten ausblenden</translation>
    </message>
    <message>
        <source>Hide all words and findings on the image</source>
        <translation>Allen Text und alle Befunde im Bild ausblenden</translation>
    </message>
    <message>
        <source>Hide the lists beside the image and the strip below it, or show them again</source>
        <translation>Die Listen neben dem Bild und die Leiste darunter aus- oder wieder einblenden</translation>
    </message>
    <message>
        <source>Hide the words about patient and examination</source>
        <translation>Den Text über Patient und Untersuchung ausblenden</translation>
    </message>
    <message>
        <source>High sensitivity</source>
        <translation>Hohe Sensitivität</translation>
    </message>
    <message>
        <source>Highest</source>
        <translation>Höchste</translation>
    </message>
    <message>
        <source>Highest HU that grows</source>
        <translation>Höchste HU, die wachsen</translation>
    </message>
    <message>
        <source>Highest probability {highest}</source>
        <translation>Höchste Wahrscheinlichkeit {highest}</translation>
    </message>
    <message>
        <source>Highest slice</source>
        <translation>Höchste Schicht</translation>
    </message>
    <message>
        <source>Hold the analysis, or let it go on</source>
        <translation>Die Analyse anhalten oder fortsetzen</translation>
    </message>
    <message>
        <source>Hold the left button and erase: a disc on the slice or plane in view, in 3-D a ball.</source>
        <translation>Linke Taste halten und radieren: eine Scheibe auf der gezeigten Schicht oder Ebene, in 3-D eine Kugel.</translation>
    </message>
    <message>
        <source>Hold the left button and paint: a disc on the slice or plane in view, in 3-D a ball.</source>
        <translation>Linke Taste halten und malen: eine Scheibe auf der gezeigten Schicht oder Ebene, in 3-D eine Kugel.</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Rechner</translation>
    </message>
    <message>
        <source>How it is opened</source>
        <translation>Wie geöffnet wird</translation>
    </message>
    <message>
        <source>How newly flagged studies are told</source>
        <translation>Wie neu markierte Studien gemeldet werden</translation>
    </message>
    <message>
        <source>How the list is sorted</source>
        <translation>Wie die Liste sortiert ist</translation>
    </message>
    <message>
        <source>ICH</source>
        <translation>IKB</translation>
    </message>
    <message>
        <source>IPH</source>
        <translation>IPB</translation>
    </message>
    <message>
        <source>IVH</source>
        <translation>IVB</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Image, pane {number} of {layout}</source>
        <translation>Bild, Ansicht {number} von {layout}</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Images are asked for by</source>
        <translation>Bilder werden angefordert mit</translation>
    </message>
    <message>
        <source>Images at start</source>
        <translation>Bilder beim Start</translation>
    </message>
    <message>
        <source>In 3-D, through the slices</source>
        <translation>In 3-D, durch die Schichten</translation>
    </message>
    <message>
        <source>In view</source>
        <translation>Gezeigt</translation>
    </message>
    <message>
        <source>Inverted</source>
        <translation>Invertiert</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>Er ist leer.</translation>
    </message>
    <message>
        <source>It was made for axial head CT of adults without contrast medium. It cannot tell old blood from new, and a slice without a flag may hold blood.</source>
        <translation>Es wurde für axiale Kopf-CTs Erwachsener ohne Kontrastmittel gemacht. Es kann altes Blut nicht von frischem unterscheiden, und eine Schicht ohne Markierung kann Blut enthalten.</translation>
    </message>
    <message>
        <source>Its password or token: {text}</source>
        <translation>Sein Passwort oder Token: {text}</translation>
    </message>
    <message>
        <source>Ke&amp;y image</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>Keep the distance between the slices in view, or go by their positions again</source>
        <translation>Den Abstand der gezeigten Schichten beibehalten, oder wieder nach ihren Positionen gehen</translation>
    </message>
    <message>
        <source>Kept for the next time</source>
        <translation>Für das nächste Mal behalten</translation>
    </message>
    <message>
        <source>Keras models with a model.json beside them (*.keras)</source>
        <translation>Keras-Modelle mit einer model.json daneben (*.keras)</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Faltungskern</translation>
    </message>
    <message>
        <source>Key image</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>Key images</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>Key images show a few slices through one window, not the whole series.</source>
        <translation>Schlüsselbilder zeigen einige Schichten in einem Fenster, nicht die ganze Serie.</translation>
    </message>
    <message>
        <source>Key objects</source>
        <translation>Schlüsselobjekte</translation>
    </message>
    <message>
        <source>Key objects: {slices}</source>
        <translation>Schlüsselobjekte: {slices}</translation>
    </message>
    <message>
        <source>Key of our certificate</source>
        <translation>Schlüssel unseres Zertifikats</translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation>Tastatur und Maus</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>Keys and what the mouse does</source>
        <translation>Tasten und was die Maus tut</translation>
    </message>
    <message>
        <source>Keys of commands that are not there are not used: {unknown}.</source>
        <translation>Tasten von Befehlen, die es nicht gibt, werden nicht verwendet: {unknown}.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last date</source>
        <translation>Letztes Datum</translation>
    </message>
    <message>
        <source>Last error</source>
        <translation>Letzter Fehler</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>Letzte Schicht</translation>
    </message>
    <message>
        <source>Left click or drag</source>
        <translation>Linksklick oder Ziehen</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>Links ziehen</translation>
    </message>
    <message>
        <source>Left empty, annotations go to the system&apos;s usual place. Another folder is used from the next start on; moving it moves no files.</source>
        <translation>Bleibt das Feld leer, kommen Anmerkungen an den üblichen Ort des Systems. Ein anderer Ordner gilt ab dem nächsten Start; Dateien werden dabei nicht verschoben.</translation>
    </message>
    <message>
        <source>Left for right</source>
        <translation>Links mit rechts vertauschen</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Licenses</source>
        <translation>Lizenzen</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Lin&amp;ks</source>
        <translation>&amp;Verknüpfungen</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Link</translation>
    </message>
    <message>
        <source>Link off</source>
        <translation>Nicht verknüpft</translation>
    </message>
    <message>
        <source>Link the active pane with the others, or let it stand alone</source>
        <translation>Die aktive Ansicht mit den anderen verknüpfen, oder sie allein lassen</translation>
    </message>
    <message>
        <source>Linked</source>
        <translation>Verknüpft</translation>
    </message>
    <message>
        <source>Linked at {value}{apart} mm</source>
        <translation>Verknüpft bei {value}{apart} mm</translation>
    </message>
    <message>
        <source>Linked panes have the same window</source>
        <translation>Verknüpfte Ansichten haben dasselbe Fenster</translation>
    </message>
    <message>
        <source>Linked panes have the same zoom and pan</source>
        <translation>Verknüpfte Ansichten haben denselben Zoom und dieselbe Verschiebung</translation>
    </message>
    <message>
        <source>Linked panes show the same place of the patient</source>
        <translation>Verknüpfte Ansichten zeigen dieselbe Stelle des Patienten</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>List all series again</source>
        <translation>Wieder alle Serien zeigen</translation>
    </message>
    <message>
        <source>List only studies that say all of these words in any column</source>
        <translation>Nur Studien zeigen, die alle diese Wörter in irgendeiner Spalte enthalten</translation>
    </message>
    <message>
        <source>List only studies with these words</source>
        <translation>Nur Studien mit diesen Wörtern zeigen</translation>
    </message>
    <message>
        <source>List the measurements of this series, or not</source>
        <translation>Die Messungen dieser Serie auflisten, oder nicht</translation>
    </message>
    <message>
        <source>List what was opened under Open recent; off: nothing is stored, and the list is cleared</source>
        <translation>Was geöffnet wurde, unter „Zuletzt geöffnet“ auflisten; aus: Nichts wird gespeichert, und die Liste wird geleert</translation>
    </message>
    <message>
        <source>List with &amp;values</source>
        <translation>Liste mit Werten</translation>
    </message>
    <message>
        <source>Logging in</source>
        <translation>Anmeldung</translation>
    </message>
    <message>
        <source>Lookup table of the file</source>
        <translation>Lookup-Tabelle der Datei</translation>
    </message>
    <message>
        <source>Lowest HU that grows</source>
        <translation>Niedrigste HU, die wachsen</translation>
    </message>
    <message>
        <source>Luminance {value}</source>
        <translation>Helligkeit {value}</translation>
    </message>
    <message>
        <source>M&amp;aximum</source>
        <translation>Ma&amp;ximum</translation>
    </message>
    <message>
        <source>M&amp;ean</source>
        <translation>&amp;Mittelwert</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Make the image larger</source>
        <translation>Das Bild vergrößern</translation>
    </message>
    <message>
        <source>Make the image smaller</source>
        <translation>Das Bild verkleinern</translation>
    </message>
    <message>
        <source>Making DICOM objects</source>
        <translation>DICOM-Objekte werden erstellt</translation>
    </message>
    <message>
        <source>Mark this slice as a key image, or not any more</source>
        <translation>Diese Schicht als Schlüsselbild kennzeichnen, oder nicht mehr</translation>
    </message>
    <message>
        <source>Marked as a key image</source>
        <translation>Als Schlüsselbild gekennzeichnet</translation>
    </message>
    <message>
        <source>Marked here</source>
        <translation>Hier hervorgehoben</translation>
    </message>
    <message>
        <source>Mean (lowest to highest)</source>
        <translation>Mittelwert (kleinster bis größter Wert)</translation>
    </message>
    <message>
        <source>Mean {mean}</source>
        <translation>Mittelwert {mean}</translation>
    </message>
    <message>
        <source>Mean {mean}, SD {sd}</source>
        <translation>Mittelwert {mean}, SD {sd}</translation>
    </message>
    <message>
        <source>Measure a distance</source>
        <translation>Eine Strecke messen</translation>
    </message>
    <message>
        <source>Measure an angle</source>
        <translation>Einen Winkel messen</translation>
    </message>
    <message>
        <source>Measure how far the septum pellucidum lies from the line between the ends of the falx</source>
        <translation>Messen, wie weit das Septum pellucidum von der Linie zwischen den Enden der Falx liegt</translation>
    </message>
    <message>
        <source>Measure two diameters at right angles</source>
        <translation>Zwei Durchmesser im rechten Winkel messen</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>Measurements of this series</source>
        <translation>Messungen dieser Serie</translation>
    </message>
    <message>
        <source>Measurements on the image</source>
        <translation>Messungen im Bild</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Messen</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>Mitte ziehen</translation>
    </message>
    <message>
        <source>Midline shift</source>
        <translation>Mittellinienverlagerung</translation>
    </message>
    <message>
        <source>Minim&amp;um</source>
        <translation>Min&amp;imum</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Model in {folder}</source>
        <translation>Modell in {folder}</translation>
    </message>
    <message>
        <source>More tools</source>
        <translation>Weitere Werkzeuge</translation>
    </message>
    <message>
        <source>More windows</source>
        <translation>Weitere Fenster</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>Mehr…</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Move the image</source>
        <translation>Das Bild verschieben</translation>
    </message>
    <message>
        <source>Move the selected window down</source>
        <translation>Das gewählte Fenster nach unten schieben</translation>
    </message>
    <message>
        <source>Move the selected window up</source>
        <translation>Das gewählte Fenster nach oben schieben</translation>
    </message>
    <message>
        <source>NEW · {words}</source>
        <translation>NEU · {words}</translation>
    </message>
    <message>
        <source>NOT ANALYZED</source>
        <translation>NICHT ANALYSIERT</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Ne&amp;xt key image</source>
        <translation>Nächstes Schlüsselbild</translation>
    </message>
    <message>
        <source>Ne&amp;xt slice</source>
        <translation>Nä&amp;chste Schicht</translation>
    </message>
    <message>
        <source>Networ&amp;k</source>
        <translation>Netz&amp;werk</translation>
    </message>
    <message>
        <source>New region</source>
        <translation>Neue Region</translation>
    </message>
    <message>
        <source>New {kind}</source>
        <translation>Neu: {kind}</translation>
    </message>
    <message>
        <source>Newly flagged</source>
        <translation>Neu markiert</translation>
    </message>
    <message>
        <source>Next &amp;series</source>
        <translation>Nächste &amp;Serie</translation>
    </message>
    <message>
        <source>Next flagged slice</source>
        <translation>Nächste markierte Schicht</translation>
    </message>
    <message>
        <source>Next try</source>
        <translation>Nächster Versuch</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>No analyzed slice is over a threshold.</source>
        <translation>Keine analysierte Schicht liegt über einem Schwellenwert.</translation>
    </message>
    <message>
        <source>No annotations on this series</source>
        <translation>Keine Anmerkungen zu dieser Serie</translation>
    </message>
    <message>
        <source>No earlier study of this patient is open that fits this series.</source>
        <translation>Es ist keine frühere Studie dieses Patienten geöffnet, die zu dieser Serie passt.</translation>
    </message>
    <message>
        <source>No hemorrhage here</source>
        <translation>Hier keine Blutung</translation>
    </message>
    <message>
        <source>No image here</source>
        <translation>Hier kein Bild</translation>
    </message>
    <message>
        <source>No mL: {why}</source>
        <translation>Keine mL: {why}</translation>
    </message>
    <message>
        <source>No model, so nothing is analyzed. {failure}</source>
        <translation>Kein Modell, also wird nichts analysiert. {failure}</translation>
    </message>
    <message>
        <source>No model: slices are not analyzed</source>
        <translation>Kein Modell: Schichten werden nicht analysiert</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>No object was written.</source>
        <translation>Kein Objekt wurde geschrieben.</translation>
    </message>
    <message>
        <source>No patient ID</source>
        <translation>Keine Patienten-ID</translation>
    </message>
    <message>
        <source>No patient name</source>
        <translation>Kein Patientenname</translation>
    </message>
    <message>
        <source>No pictures were written: it was cancelled.</source>
        <translation>Es wurden keine Bilder geschrieben: Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>No reformats of this series</source>
        <translation>Keine Reformationen dieser Serie</translation>
    </message>
    <message>
        <source>No region can be kept here: {refused}.</source>
        <translation>Hier kann keine Region gespeichert werden: {refused}.</translation>
    </message>
    <message>
        <source>No regions painted on this series</source>
        <translation>In dieser Serie sind keine Regionen gemalt</translation>
    </message>
    <message>
        <source>No results were written.</source>
        <translation>Keine Ergebnisse wurden geschrieben.</translation>
    </message>
    <message>
        <source>No results were written: it was cancelled.</source>
        <translation>Keine Ergebnisse wurden geschrieben: Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>No series</source>
        <translation>Keine Serie</translation>
    </message>
    <message>
        <source>No series failed{more}.{files}</source>
        <translation>Keine Serie ist fehlgeschlagen{more}.{files}</translation>
    </message>
    <message>
        <source>No series is flagged{more}{to_come}.</source>
        <translation>Keine Serie ist markiert{more}{to_come}.</translation>
    </message>
    <message>
        <source>No series open</source>
        <translation>Keine Serie geöffnet</translation>
    </message>
    <message>
        <source>No series was left out.</source>
        <translation>Keine Serie wurde ausgelassen.</translation>
    </message>
    <message>
        <source>No slice in view</source>
        <translation>Keine Schicht gezeigt</translation>
    </message>
    <message>
        <source>No slice is analyzed yet.</source>
        <translation>Noch ist keine Schicht analysiert.</translation>
    </message>
    <message>
        <source>No slice is flagged so far; the analysis is still running.</source>
        <translation>Bisher ist keine Schicht markiert; die Analyse läuft noch.</translation>
    </message>
    <message>
        <source>No slice of this series has been analyzed.</source>
        <translation>Keine Schicht dieser Serie wurde analysiert.</translation>
    </message>
    <message>
        <source>No slice of this series is flagged. That does not rule out a hemorrhage.</source>
        <translation>Keine Schicht dieser Serie ist markiert. Das schließt eine Blutung nicht aus.</translation>
    </message>
    <message>
        <source>No slice of this series is marked as a key image.</source>
        <translation>Keine Schicht dieser Serie ist als Schlüsselbild gekennzeichnet.</translation>
    </message>
    <message>
        <source>No slice was analyzed</source>
        <translation>Keine Schicht wurde analysiert</translation>
    </message>
    <message>
        <source>No slice was analyzed.</source>
        <translation>Keine Schicht wurde analysiert.</translation>
    </message>
    <message>
        <source>No slice was left out.</source>
        <translation>Keine Schicht wurde ausgelassen.</translation>
    </message>
    <message>
        <source>No sources yet: add one under Sources</source>
        <translation>Noch keine Quellen: unter „Quellen“ eine hinzufügen</translation>
    </message>
    <message>
        <source>No sources yet: add one.</source>
        <translation>Noch keine Quellen: Fügen Sie eine hinzu.</translation>
    </message>
    <message>
        <source>No window from this region: fewer than nine pixels of the image lie in it.</source>
        <translation>Kein Fenster aus dieser Region: Weniger als neun Pixel des Bildes liegen darin.</translation>
    </message>
    <message>
        <source>No worklist chosen.</source>
        <translation>Keine Arbeitsliste gewählt.</translation>
    </message>
    <message>
        <source>Noise: {found} (more than the model was trained on)</source>
        <translation>Rauschen: {found} (mehr, als das Modell vom Training kennt)</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>None of {slices} was analyzed. That says nothing about hemorrhage.</source>
        <translation>Keine von {slices} wurde analysiert. Das sagt nichts über Blutungen.</translation>
    </message>
    <message>
        <source>None so far.</source>
        <translation>Bisher keine.</translation>
    </message>
    <message>
        <source>Not a medical device</source>
        <translation>Kein Medizinprodukt</translation>
    </message>
    <message>
        <source>Not all of the study was fetched: {received}. {why}. Series that lack images are not analyzed; fetch it again to go on.</source>
        <translation>Die Studie wurde nicht ganz geholt: {received}. {why}. Serien, denen Bilder fehlen, werden nicht analysiert; holen Sie die Studie noch einmal, um fortzufahren.</translation>
    </message>
    <message>
        <source>Not all results were put into the outbox.</source>
        <translation>Nicht alle Ergebnisse kamen in den Postausgang.</translation>
    </message>
    <message>
        <source>Not among them, because they could not be read: {missing}.</source>
        <translation>Nicht dabei, weil sie nicht gelesen werden konnten: {missing}.</translation>
    </message>
    <message>
        <source>Not analyzed</source>
        <translation>Nicht analysiert</translation>
    </message>
    <message>
        <source>Not analyzed does not mean negative.</source>
        <translation>Nicht analysiert heißt nicht negativ.</translation>
    </message>
    <message>
        <source>Not analyzed: {text}</source>
        <translation>Nicht analysiert: {text}</translation>
    </message>
    <message>
        <source>Not encrypted: the system has no keyring.</source>
        <translation>Nicht verschlüsselt: Das System hat keinen Schlüsselbund.</translation>
    </message>
    <message>
        <source>Not encrypted: the system&apos;s keyring does not answer.</source>
        <translation>Nicht verschlüsselt: Der Schlüsselbund des Systems antwortet nicht.</translation>
    </message>
    <message>
        <source>Not encrypted: the system&apos;s keyring is locked, or does not keep a key.</source>
        <translation>Nicht verschlüsselt: Der Schlüsselbund des Systems ist gesperrt oder behält keinen Schlüssel.</translation>
    </message>
    <message>
        <source>Not judged: no model is ready</source>
        <translation>Nicht beurteilt: Kein Modell ist bereit</translation>
    </message>
    <message>
        <source>Not listed because of the filter: {hidden}.</source>
        <translation>Wegen des Filters nicht gezeigt: {hidden}.</translation>
    </message>
    <message>
        <source>Not measured: its pixels are not at hand</source>
        <translation>Nicht gemessen: Die Pixel liegen nicht vor</translation>
    </message>
    <message>
        <source>Not measured: {why}</source>
        <translation>Nicht gemessen: {why}</translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation>Nicht nötig</translation>
    </message>
    <message>
        <source>Not remembered, and forgotten</source>
        <translation>Nicht gemerkt, und vergessen</translation>
    </message>
    <message>
        <source>Not saved: {unsaved}</source>
        <translation>Nicht gespeichert: {unsaved}</translation>
    </message>
    <message>
        <source>Not shown, because they could not be read: {which}.</source>
        <translation>Nicht gezeigt, weil sie nicht gelesen werden konnten: {which}.</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Nothing can be drawn here yet: the picture of this plane is still being computed.</source>
        <translation>Hier kann noch nichts gezeichnet werden: Das Bild dieser Ebene wird noch berechnet.</translation>
    </message>
    <message>
        <source>Nothing can be drawn here: these pixels are not read yet, or have no name.</source>
        <translation>Hier kann nichts gezeichnet werden: Diese Pixel sind noch nicht gelesen oder haben keinen Namen.</translation>
    </message>
    <message>
        <source>Nothing can be painted here: these pixels are not read yet, or have no name.</source>
        <translation>Hier kann nichts gemalt werden: Diese Pixel sind noch nicht gelesen oder haben keinen Namen.</translation>
    </message>
    <message>
        <source>Nothing changed.</source>
        <translation>Nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>Nothing grows from here: {found}, not within {low_hu} to {high_hu} HU.</source>
        <translation>Von hier wächst nichts: {found}, nicht zwischen {low_hu} und {high_hu} HU.</translation>
    </message>
    <message>
        <source>Nothing is drawn, so there is nothing to export.</source>
        <translation>Es ist nichts gezeichnet, also gibt es nichts zu exportieren.</translation>
    </message>
    <message>
        <source>Nothing is remembered</source>
        <translation>Nichts wird gemerkt</translation>
    </message>
    <message>
        <source>Nothing is sent to any of them before you test, search, fetch or send. What waits in the outbox was put there by you, and is tried until it is delivered.</source>
        <translation>An keine davon wird etwas gesendet, bevor Sie prüfen, suchen, holen oder senden. Was im Postausgang wartet, haben Sie dorthin gegeben; es wird versucht, bis es zugestellt ist.</translation>
    </message>
    <message>
        <source>Nothing open</source>
        <translation>Nichts geöffnet</translation>
    </message>
    <message>
        <source>Nothing opened yet</source>
        <translation>Noch nichts geöffnet</translation>
    </message>
    <message>
        <source>Nothing selected: the next stroke begins a region.</source>
        <translation>Nichts ausgewählt: Der nächste Strich beginnt eine Region.</translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation>Nichts zu zeigen</translation>
    </message>
    <message>
        <source>Nothing to write as {nothing}.</source>
        <translation>Nichts zu schreiben als {nothing}.</translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation>Nichts wartet.</translation>
    </message>
    <message>
        <source>Nothing was copied.</source>
        <translation>Nichts wurde kopiert.</translation>
    </message>
    <message>
        <source>Nothing was copied. {error}</source>
        <translation>Nichts wurde kopiert. {error}</translation>
    </message>
    <message>
        <source>Nothing was repaired, doubted or left out.</source>
        <translation>Nichts wurde repariert, angezweifelt oder ausgelassen.</translation>
    </message>
    <message>
        <source>Nothing was repaired, doubted, or found outside what the model knows.</source>
        <translation>Nichts wurde repariert, angezweifelt oder außerhalb dessen gefunden, was das Modell kennt.</translation>
    </message>
    <message>
        <source>Nothing was searched yet.</source>
        <translation>Es wurde noch nichts gesucht.</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Objects in the outbox</source>
        <translation>Objekte im Postausgang</translation>
    </message>
    <message>
        <source>Oblique</source>
        <translation>Schräg</translation>
    </message>
    <message>
        <source>Oblique, from {section}</source>
        <translation>Schräg, aus {section}</translation>
    </message>
    <message>
        <source>On a reformat the disc is one voxel thick, or as thick as the slab; whole voxels of the slices change.</source>
        <translation>Auf einer Reformation ist die Scheibe ein Voxel dick oder so dick wie der Slab; geändert werden ganze Voxel der Schichten.</translation>
    </message>
    <message>
        <source>On&amp;e pane</source>
        <translation>&amp;Eine Ansicht</translation>
    </message>
    <message>
        <source>One &amp;large and three small</source>
        <translation>Eine &amp;große und drei kleine</translation>
    </message>
    <message>
        <source>One image</source>
        <translation>Ein Bild</translation>
    </message>
    <message>
        <source>Only differences</source>
        <translation>Nur Unterschiede</translation>
    </message>
    <message>
        <source>Only files and folders can be opened</source>
        <translation>Nur Dateien und Ordner können geöffnet werden</translation>
    </message>
    <message>
        <source>Only you may read the cached studies, as far as the system tells users apart. Turn on the disk encryption of the system against theft.</source>
        <translation>Nur Sie dürfen die zwischengespeicherten Studien lesen, soweit das System Benutzer unterscheidet. Schalten Sie gegen Diebstahl die Festplattenverschlüsselung des Systems ein.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open &amp;beside</source>
        <translation>Da&amp;neben öffnen</translation>
    </message>
    <message>
        <source>Open &amp;files…</source>
        <translation>&amp;Dateien öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;model…</source>
        <translation>&amp;Modell öffnen…</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open DICOM files or a ZIP</source>
        <translation>DICOM-Dateien oder ein ZIP öffnen</translation>
    </message>
    <message>
        <source>Open a folder of a CT study, or try the demo studies: synthetic heads of nobody.</source>
        <translation>Öffnen Sie den Ordner einer CT-Studie, oder probieren Sie die Demo-Studien: künstliche Köpfe, keine Patienten.</translation>
    </message>
    <message>
        <source>Open a folder with DICOM files</source>
        <translation>Einen Ordner mit DICOM-Dateien öffnen</translation>
    </message>
    <message>
        <source>Open a head CT</source>
        <translation>Ein Kopf-CT öffnen</translation>
    </message>
    <message>
        <source>Open a study to begin.</source>
        <translation>Öffnen Sie eine Studie, um zu beginnen.</translation>
    </message>
    <message>
        <source>Open document</source>
        <translation>Dokument öffnen</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>Open files beside</source>
        <translation>Dateien daneben öffnen</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Dateien öffnen…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open folder beside</source>
        <translation>Ordner daneben öffnen</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Open more DICOM files or a ZIP, and leave what is open as it is</source>
        <translation>Weitere DICOM-Dateien oder ein ZIP öffnen und lassen, was geöffnet ist</translation>
    </message>
    <message>
        <source>Open one more folder, and leave what is open as it is</source>
        <translation>Einen weiteren Ordner öffnen und lassen, was geöffnet ist</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open the &amp;demo studies</source>
        <translation>De&amp;mo-Studien öffnen</translation>
    </message>
    <message>
        <source>Open the demo studies</source>
        <translation>Demo-Studien öffnen</translation>
    </message>
    <message>
        <source>Open the demo studies that come with the program</source>
        <translation>Die mitgelieferten Demo-Studien öffnen</translation>
    </message>
    <message>
        <source>Open the images of the selected study</source>
        <translation>Die Bilder der gewählten Studie öffnen</translation>
    </message>
    <message>
        <source>Open with another program?</source>
        <translation>Mit einem anderen Programm öffnen?</translation>
    </message>
    <message>
        <source>Opened beside: {studies} of {who}.</source>
        <translation>Daneben geöffnet: {studies} von {who}.</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>Das Modell wird geöffnet</translation>
    </message>
    <message>
        <source>Other series: {note}</source>
        <translation>Andere Serie: {note}</translation>
    </message>
    <message>
        <source>Other series: {other_title}</source>
        <translation>Andere Serie: {other_title}</translation>
    </message>
    <message>
        <source>Our AE title</source>
        <translation>Unser AE-Titel</translation>
    </message>
    <message>
        <source>Our certificate</source>
        <translation>Unser Zertifikat</translation>
    </message>
    <message>
        <source>Out of range</source>
        <translation>Außerhalb</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>Postausgang</translation>
    </message>
    <message>
        <source>Outbox: {parts}</source>
        <translation>Postausgang: {parts}</translation>
    </message>
    <message>
        <source>Outline the regions that influenced the score of the flagged types</source>
        <translation>Die Regionen umranden, die den Wert der markierten Arten beeinflusst haben</translation>
    </message>
    <message>
        <source>Outline ≠ bleed</source>
        <translation>Umriss ≠ Blutung</translation>
    </message>
    <message>
        <source>Outlined: regions that influenced the score</source>
        <translation>Umrandet: Regionen, die den Wert beeinflusst haben</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Own choice</source>
        <translation>Eigene Wahl</translation>
    </message>
    <message>
        <source>P&amp;rior beside it</source>
        <translation>V&amp;oruntersuchung daneben</translation>
    </message>
    <message>
        <source>Page Down</source>
        <translation>Bild ab</translation>
    </message>
    <message>
        <source>Page Up</source>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>Page {number} of {total}</source>
        <translation>Seite {number} von {total}</translation>
    </message>
    <message>
        <source>Pai&amp;nted regions on the images</source>
        <translation>G&amp;emalte Regionen auf den Bildern</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Paint only pixels within the range</source>
        <translation>Nur Pixel im Bereich malen</translation>
    </message>
    <message>
        <source>Paint or grow a region and measure its volume</source>
        <translation>Eine Region malen oder wachsen lassen und ihr Volumen messen</translation>
    </message>
    <message>
        <source>Painted regions</source>
        <translation>Gemalte Regionen</translation>
    </message>
    <message>
        <source>Painted regions are hidden on the images.</source>
        <translation>Gemalte Regionen sind auf den Bildern ausgeblendet.</translation>
    </message>
    <message>
        <source>Painted regions are hidden, so none is changed. Show them first.</source>
        <translation>Gemalte Regionen sind ausgeblendet, darum wird keine geändert. Erst einblenden.</translation>
    </message>
    <message>
        <source>Painted regions of this series</source>
        <translation>Gemalte Regionen dieser Serie</translation>
    </message>
    <message>
        <source>Painted regions on the image</source>
        <translation>Gemalte Regionen im Bild</translation>
    </message>
    <message>
        <source>Panels beside the image</source>
        <translation>Seitenleisten neben dem Bild</translation>
    </message>
    <message>
        <source>Panes</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Parametric map</source>
        <translation>Parametrische Karte</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>Passwort oder Token</translation>
    </message>
    <message>
        <source>Passwords and tokens go into the system&apos;s keyring and nowhere else.</source>
        <translation>Passwörter und Tokens kommen in den Schlüsselbund des Systems und nirgendwo sonst hin.</translation>
    </message>
    <message>
        <source>Paths below the address</source>
        <translation>Pfade unter der Adresse</translation>
    </message>
    <message>
        <source>Paths often hold names of patients. Not remembered, the list is cleared at once.</source>
        <translation>Pfade enthalten oft Namen von Patienten. Nicht gemerkt: Die Liste wird sofort geleert.</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation>Patienten-ID</translation>
    </message>
    <message>
        <source>Patient and study</source>
        <translation>Patient und Studie</translation>
    </message>
    <message>
        <source>Patient in view: {patient_name}</source>
        <translation>Gezeigter Patient: {patient_name}</translation>
    </message>
    <message>
        <source>Paused at {done:,} of {slices}</source>
        <translation>Angehalten bei {done:,} von {slices}</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Picture copied without the patient&apos;s data. {drawn_in}</source>
        <translation>Bild ohne Patientendaten kopiert. {drawn_in}</translation>
    </message>
    <message>
        <source>Picture copied.</source>
        <translation>Bild kopiert.</translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>Pla&amp;y</source>
        <translation>A&amp;bspielen</translation>
    </message>
    <message>
        <source>Play faster</source>
        <translation>Schneller abspielen</translation>
    </message>
    <message>
        <source>Play slower</source>
        <translation>Langsamer abspielen</translation>
    </message>
    <message>
        <source>Play through the slices, or stop</source>
        <translation>Durch die Schichten abspielen, oder anhalten</translation>
    </message>
    <message>
        <source>Play {words}</source>
        <translation>Abspielen mit {words}</translation>
    </message>
    <message>
        <source>Please report it with this file:
{report}</source>
        <translation>Bitte melden Sie es mit dieser Datei:
{report}</translation>
    </message>
    <message>
        <source>Point at something</source>
        <translation>Auf etwas zeigen</translation>
    </message>
    <message>
        <source>Pooled over the series {whole}</source>
        <translation>Über die Serie zusammengefasst {whole}</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>Position {more} mm</source>
        <translation>Position {more} mm</translation>
    </message>
    <message>
        <source>Position {position}</source>
        <translation>Position {position}</translation>
    </message>
    <message>
        <source>Pre&amp;vious slice</source>
        <translation>V&amp;orherige Schicht</translation>
    </message>
    <message>
        <source>Presentation</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Press Remove again to forget {name}. Its studies stay where they are.</source>
        <translation>Noch einmal auf „Entfernen“ drücken, um {name} zu vergessen. Die Studien dort bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>Press Remove again: {objects} would never be delivered.</source>
        <translation>Noch einmal auf „Entfernen“ drücken: {objects} würden nie zugestellt.</translation>
    </message>
    <message>
        <source>Press a key…</source>
        <translation>Taste drücken…</translation>
    </message>
    <message>
        <source>Prev&amp;ious key image</source>
        <translation>Vorheriges Schlüsselbild</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Previous flagged slice</source>
        <translation>Vorherige markierte Schicht</translation>
    </message>
    <message>
        <source>Previous se&amp;ries</source>
        <translation>Vorherige Se&amp;rie</translation>
    </message>
    <message>
        <source>Pri&amp;nt…</source>
        <translation>Dru&amp;cken…</translation>
    </message>
    <message>
        <source>Print a report of the series in view</source>
        <translation>Einen Bericht über die gezeigte Serie drucken</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken…</translation>
    </message>
    <message>
        <source>Probabilities of this slice</source>
        <translation>Wahrscheinlichkeiten dieser Schicht</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Punktwert</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Problems of the input</source>
        <translation>Probleme der Eingabe</translation>
    </message>
    <message>
        <source>Problems of the input in the menu Help</source>
        <translation>„Probleme der Eingabe“ im Menü „Hilfe“</translation>
    </message>
    <message>
        <source>Problems of this series</source>
        <translation>Probleme dieser Serie</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Progress of fetching</source>
        <translation>Fortschritt beim Holen</translation>
    </message>
    <message>
        <source>Put the findings of the series in view into the outbox as DICOM objects, and send them</source>
        <translation>Die Befunde der gezeigten Serie als DICOM-Objekte in den Postausgang geben und senden</translation>
    </message>
    <message>
        <source>Put what the image shows on the clipboard, as it is</source>
        <translation>Was das Bild zeigt, in die Zwischenablage geben, wie es ist</translation>
    </message>
    <message>
        <source>Put what the image shows on the clipboard, without the patient&apos;s data</source>
        <translation>Was das Bild zeigt, ohne Patientendaten in die Zwischenablage geben</translation>
    </message>
    <message>
        <source>Quit the program</source>
        <translation>Das Programm beenden</translation>
    </message>
    <message>
        <source>Radius of the brush</source>
        <translation>Radius des Pinsels</translation>
    </message>
    <message>
        <source>Range</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Re&amp;formats</source>
        <translation>Reforma&amp;tionen</translation>
    </message>
    <message>
        <source>Re&amp;member recently opened paths</source>
        <translation>Geöffnete Pfade mer&amp;ken</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Wird gelesen</translation>
    </message>
    <message>
        <source>Reading slice {done} of {total}</source>
        <translation>Schicht {done} von {total} wird gelesen</translation>
    </message>
    <message>
        <source>Reading slices of the reformats: {done:,} of {total:,}.</source>
        <translation>Schichten der Reformationen werden gelesen: {done:,} von {total:,}.</translation>
    </message>
    <message>
        <source>Reading the slices</source>
        <translation>Die Schichten werden gelesen</translation>
    </message>
    <message>
        <source>Reading the tags of slice {done:,} of {total:,} …</source>
        <translation>Tags der Schicht {done:,} von {total:,} werden gelesen …</translation>
    </message>
    <message>
        <source>Reading the tags of slice {missing} …</source>
        <translation>Tags der Schicht {missing} werden gelesen …</translation>
    </message>
    <message>
        <source>Reading the tags of {slices} …</source>
        <translation>Tags von {slices} werden gelesen …</translation>
    </message>
    <message>
        <source>Reading {done:,} of {files}</source>
        <translation>Gelesen: {done:,} von {files}</translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation>{name} wird gelesen</translation>
    </message>
    <message>
        <source>Reading: {what}</source>
        <translation>Wird gelesen: {what}</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Receiver listens at</source>
        <translation>Empfänger lauscht auf</translation>
    </message>
    <message>
        <source>Receiver&apos;s port</source>
        <translation>Port des Empfängers</translation>
    </message>
    <message>
        <source>Recently opened paths</source>
        <translation>Zuletzt geöffnete Pfade</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>Red&amp;o</source>
        <translation>Wieder&amp;holen</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo {redo}</source>
        <translation>Wiederholen: {redo}</translation>
    </message>
    <message>
        <source>Reformatted, {slab_words}</source>
        <translation>Reformatiert, {slab_words}</translation>
    </message>
    <message>
        <source>Region {number}</source>
        <translation>Region {number}</translation>
    </message>
    <message>
        <source>Region {number} (words hidden)</source>
        <translation>Region {number} (Text ausgeblendet)</translation>
    </message>
    <message>
        <source>Regions are not smoothed in 3-D here: {refused}. Smooth slice by slice.</source>
        <translation>Regionen werden hier nicht in 3-D geglättet: {refused}. Bitte Schicht für Schicht glätten.</translation>
    </message>
    <message>
        <source>Regions do not grow in 3-D here: {refused}. Grow slice by slice.</source>
        <translation>Regionen wachsen hier nicht in 3-D: {refused}. Bitte Schicht für Schicht wachsen lassen.</translation>
    </message>
    <message>
        <source>Regions grow on CT only: these values are no HU. The brush paints on all.</source>
        <translation>Regionen wachsen nur auf CT: Diese Werte sind keine HU. Der Pinsel malt auf allem.</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Bemerkungen</translation>
    </message>
    <message>
        <source>Remembered</source>
        <translation>Gemerkt</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove all fetched studies that are not open</source>
        <translation>Alle geholten Studien entfernen, die nicht geöffnet sind</translation>
    </message>
    <message>
        <source>Remove the marks of new studies</source>
        <translation>Die Hervorhebung neuer Studien entfernen</translation>
    </message>
    <message>
        <source>Remove the selected window</source>
        <translation>Das gewählte Fenster entfernen</translation>
    </message>
    <message>
        <source>Remove what was sent</source>
        <translation>Gesendetes entfernen</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Entfernt</translation>
    </message>
    <message>
        <source>Repaired or doubted</source>
        <translation>Repariert oder zweifelhaft</translation>
    </message>
    <message>
        <source>Repaired pixels: 12-bit values had wrapped around</source>
        <translation>Reparierte Pixel: 12-Bit-Werte waren übergelaufen</translation>
    </message>
    <message>
        <source>Repaired, doubted, outside what the model knows</source>
        <translation>Repariert, zweifelhaft, außerhalb dessen, was das Modell kennt</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Report as &amp;PDF…</source>
        <translation>Bericht als &amp;PDF…</translation>
    </message>
    <message>
        <source>Research and education only. Not a medical device.</source>
        <translation>Nur für Forschung und Lehre. Kein Medizinprodukt.</translation>
    </message>
    <message>
        <source>Reset &amp;planes</source>
        <translation>&amp;Ebenen zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation>Alle Tasten zurücksetzen</translation>
    </message>
    <message>
        <source>Reset planes</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset this command</source>
        <translation>Diesen Befehl zurücksetzen</translation>
    </message>
    <message>
        <source>Reset zoom, position and window</source>
        <translation>Zoom, Lage und Fenster zurücksetzen</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <source>Results are being written already.</source>
        <translation>Es werden bereits Ergebnisse geschrieben.</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Rechts ziehen</translation>
    </message>
    <message>
        <source>Rotate &amp;left</source>
        <translation>Nach &amp;links drehen</translation>
    </message>
    <message>
        <source>Rotate &amp;right</source>
        <translation>Nach &amp;rechts drehen</translation>
    </message>
    <message>
        <source>Row {row}  Column {column}</source>
        <translation>Zeile {row}  Spalte {column}</translation>
    </message>
    <message>
        <source>SAH</source>
        <translation>SAB</translation>
    </message>
    <message>
        <source>SDH</source>
        <translation>SDH</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save film</source>
        <translation>Film speichern</translation>
    </message>
    <message>
        <source>Save pict&amp;ure as PNG…</source>
        <translation>Bild a&amp;ls PNG speichern…</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Save resul&amp;ts as DICOM…</source>
        <translation>Ergebnisse als DICOM speic&amp;hern…</translation>
    </message>
    <message>
        <source>Save results as DICOM</source>
        <translation>Ergebnisse als DICOM speichern</translation>
    </message>
    <message>
        <source>Save series &amp;as pictures…</source>
        <translation>Serie als Bilder &amp;speichern…</translation>
    </message>
    <message>
        <source>Save series as pictures</source>
        <translation>Serie als Bilder speichern</translation>
    </message>
    <message>
        <source>Save the slices as a folder of PNGs or as a film</source>
        <translation>Die Schichten als Ordner mit PNGs oder als Film speichern</translation>
    </message>
    <message>
        <source>Save what the image shows, or the pixels of the slice, as PNG</source>
        <translation>Was das Bild zeigt, oder die Pixel der Schicht, als PNG speichern</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Speichern…</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search a DICOM node or a DICOMweb server, and fetch studies</source>
        <translation>In einem DICOM-Knoten oder DICOMweb-Server suchen und Studien holen</translation>
    </message>
    <message>
        <source>Search earlier studies of the selected patient</source>
        <translation>Frühere Studien des gewählten Patienten suchen</translation>
    </message>
    <message>
        <source>Search earlier studies{who}</source>
        <translation>Frühere Studien suchen{who}</translation>
    </message>
    <message>
        <source>Search its studies, or open the folder</source>
        <translation>Ihre Studien durchsuchen, oder den Ordner öffnen</translation>
    </message>
    <message>
        <source>Search tags, names and values</source>
        <translation>Tags, Namen und Werte durchsuchen</translation>
    </message>
    <message>
        <source>Search the report</source>
        <translation>Den Bericht durchsuchen</translation>
    </message>
    <message>
        <source>Search the source</source>
        <translation>Die Quelle durchsuchen</translation>
    </message>
    <message>
        <source>Searching (QIDO-RS)</source>
        <translation>Suchen (QIDO-RS)</translation>
    </message>
    <message>
        <source>Search…</source>
        <translation>Suchen…</translation>
    </message>
    <message>
        <source>Seconds to wait</source>
        <translation>Wartezeit in Sekunden</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>Gesehen</translation>
    </message>
    <message>
        <source>Segment {number}</source>
        <translation>Segment {number}</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <source>Select a problem to read and copy all of it.</source>
        <translation>Wählen Sie ein Problem, um es ganz zu lesen und zu kopieren.</translation>
    </message>
    <message>
        <source>Select nothing, so that the next stroke begins another region</source>
        <translation>Nichts auswählen, damit der nächste Strich eine neue Region beginnt</translation>
    </message>
    <message>
        <source>Select something on this slice first.</source>
        <translation>Wählen Sie zuerst etwas auf dieser Schicht aus.</translation>
    </message>
    <message>
        <source>Select the region to erase from first.</source>
        <translation>Wählen Sie zuerst die Region, von der radiert werden soll.</translation>
    </message>
    <message>
        <source>Select the region to smooth first.</source>
        <translation>Wählen Sie zuerst die Region, die geglättet werden soll.</translation>
    </message>
    <message>
        <source>Select, move and reshape</source>
        <translation>Auswählen, verschieben und umformen</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Send &amp;results…</source>
        <translation>Ergebnisse &amp;verschicken…</translation>
    </message>
    <message>
        <source>Send results</source>
        <translation>Ergebnisse senden</translation>
    </message>
    <message>
        <source>Send the selected objects now</source>
        <translation>Die gewählten Objekte jetzt senden</translation>
    </message>
    <message>
        <source>Send to</source>
        <translation>Senden an</translation>
    </message>
    <message>
        <source>Sending (STOW-RS)</source>
        <translation>Senden (STOW-RS)</translation>
    </message>
    <message>
        <source>Sent: {objects}.</source>
        <translation>Gesendet: {objects}.</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Series rule</source>
        <translation>Serienregel</translation>
    </message>
    <message>
        <source>Series without description</source>
        <translation>Serie ohne Beschreibung</translation>
    </message>
    <message>
        <source>Series {number}</source>
        <translation>Serie {number}</translation>
    </message>
    <message>
        <source>Set in {keys_set_in}</source>
        <translation>Festgelegt in: {keys_set_in}</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Several slices at one position: {found}</source>
        <translation>Mehrere Schichten an einer Position: {found}</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Schwere</translation>
    </message>
    <message>
        <source>Sex</source>
        <translation>Geschlecht</translation>
    </message>
    <message>
        <source>Shift and left drag</source>
        <translation>Umschalt und links ziehen</translation>
    </message>
    <message>
        <source>Shift+left drag</source>
        <translation>Umschalt+Links ziehen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Einblenden</translation>
    </message>
    <message>
        <source>Show a plane parallel to that of A and B, with the same slab. Counted: {counted}{mm}.</source>
        <translation>Zeigen Sie eine Ebene parallel zu der von A und B, mit demselben Slab. Gezählt: {counted}{mm}.</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show all slices again, not only the key objects of a selection</source>
        <translation>Wieder alle Schichten zeigen, nicht nur die Schlüsselobjekte einer Auswahl</translation>
    </message>
    <message>
        <source>Show all slices again{more}</source>
        <translation>Wieder alle Schichten zeigen{more}</translation>
    </message>
    <message>
        <source>Show all words on the image again</source>
        <translation>Wieder allen Text im Bild zeigen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Show the acquired slice nearest to the crosshair, with its findings</source>
        <translation>Die aufgenommene Schicht zeigen, die dem Fadenkreuz am nächsten liegt, mit ihren Befunden</translation>
    </message>
    <message>
        <source>Show the active pane alone, or all again</source>
        <translation>Die aktive Ansicht allein zeigen, oder wieder alle</translation>
    </message>
    <message>
        <source>Shows head CT and the calibrated probability of five types of intracranial hemorrhage, offline.</source>
        <translation>Zeigt Kopf-CTs und die kalibrierte Wahrscheinlichkeit von fünf Arten intrakranieller Blutungen, ohne Internet.</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Slice Location of the file</source>
        <translation>Slice Location der Datei</translation>
    </message>
    <message>
        <source>Slice strip</source>
        <translation>Schichtleiste</translation>
    </message>
    <message>
        <source>Slice thickness: {found} (the model was trained on slices of about 5 mm)</source>
        <translation>Schichtdicke: {found} (das Modell wurde an Schichten von etwa 5 mm trainiert)</translation>
    </message>
    <message>
        <source>Slice to compare with</source>
        <translation>Schicht zum Vergleichen</translation>
    </message>
    <message>
        <source>Slice with the highest probability of hemorrhage</source>
        <translation>Die Schicht mit der höchsten Wahrscheinlichkeit einer Blutung</translation>
    </message>
    <message>
        <source>Slice {current} of {count}</source>
        <translation>Schicht {current} von {count}</translation>
    </message>
    <message>
        <source>Slice {index}</source>
        <translation>Schicht {index}</translation>
    </message>
    <message>
        <source>Slice {index} / {series}</source>
        <translation>Schicht {index} / {series}</translation>
    </message>
    <message>
        <source>Slice {index} of {series}</source>
        <translation>Schicht {index} von {series}</translation>
    </message>
    <message>
        <source>Slice {index} of {series}. {hidden_words}</source>
        <translation>Schicht {index} von {series}. {hidden_words}</translation>
    </message>
    <message>
        <source>Slice {index}, in view</source>
        <translation>Schicht {index}, gezeigt</translation>
    </message>
    <message>
        <source>Slice {index}: {here}. Counted: {counted}{mm}.</source>
        <translation>Schicht {index}: {here}. Gezählt: {counted}{mm}.</translation>
    </message>
    <message>
        <source>Slice {index}{where}: {labels}, {probability}</source>
        <translation>Schicht {index}{where}: {labels}, {probability}</translation>
    </message>
    <message>
        <source>Slice {other}</source>
        <translation>Schicht {other}</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Slices are missing here; the bounds hold what may be on them</source>
        <translation>Hier fehlen Schichten; die Grenzen schließen ein, was darauf liegen kann</translation>
    </message>
    <message>
        <source>Slices could not be read, and the region ends there: {slices}.</source>
        <translation>Schichten konnten nicht gelesen werden, und die Region endet dort: {slices}.</translation>
    </message>
    <message>
        <source>Slices flagged</source>
        <translation>Markierte Schichten</translation>
    </message>
    <message>
        <source>Slices marked as key images</source>
        <translation>Als Schlüsselbilder gekennzeichnete Schichten</translation>
    </message>
    <message>
        <source>Slices read</source>
        <translation>Gelesene Schichten</translation>
    </message>
    <message>
        <source>Slices seem to be missing: {found}</source>
        <translation>Schichten scheinen zu fehlen: {found}</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Weichteil</translation>
    </message>
    <message>
        <source>Something happened that the program was not prepared for. You can go on, but what you just asked for may not have been done.</source>
        <translation>Es ist etwas geschehen, worauf das Programm nicht vorbereitet war. Sie können weiterarbeiten, aber was Sie gerade wollten, ist vielleicht nicht geschehen.</translation>
    </message>
    <message>
        <source>Sort the list</source>
        <translation>Die Liste sortieren</translation>
    </message>
    <message>
        <source>Sorted by</source>
        <translation>Sortiert nach</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>Quellen</translation>
    </message>
    <message>
        <source>Sources of studies</source>
        <translation>Quellen von Studien</translation>
    </message>
    <message>
        <source>Sources…</source>
        <translation>Quellen…</translation>
    </message>
    <message>
        <source>Starting the model</source>
        <translation>Das Modell wird gestartet</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop asking</source>
        <translation>Nicht weiter fragen</translation>
    </message>
    <message>
        <source>Stop fetching; what arrived is kept</source>
        <translation>Nicht weiter holen; was ankam, bleibt erhalten</translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation>Lesen abbrechen</translation>
    </message>
    <message>
        <source>Stop reading the slices</source>
        <translation>Das Lesen der Schichten abbrechen</translation>
    </message>
    <message>
        <source>Stop searching</source>
        <translation>Die Suche anhalten</translation>
    </message>
    <message>
        <source>Stop sending</source>
        <translation>Senden anhalten</translation>
    </message>
    <message>
        <source>Stop the analysis; what was found stays</source>
        <translation>Die Analyse beenden; was gefunden wurde, bleibt</translation>
    </message>
    <message>
        <source>Stor&amp;ed results on the images</source>
        <translation>Gespei&amp;cherte Ergebnisse im Bild</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Speicherorte</translation>
    </message>
    <message>
        <source>Stored results on the image</source>
        <translation>Gespeicherte Ergebnisse im Bild</translation>
    </message>
    <message>
        <source>Stored results, not of this analysis</source>
        <translation>Gespeicherte Ergebnisse, nicht aus dieser Analyse</translation>
    </message>
    <message>
        <source>Straighten</source>
        <translation>Ausrichten</translation>
    </message>
    <message>
        <source>Straighten, 1 of 2: on the axial picture, drag along the midline.</source>
        <translation>Ausrichten, 1 von 2: im axialen Bild entlang der Mittellinie ziehen.</translation>
    </message>
    <message>
        <source>Straighten, 2 of 2: on the sagittal picture, drag from the outer canthus to the ear canal.</source>
        <translation>Ausrichten, 2 von 2: im sagittalen Bild vom äußeren Augenwinkel zum Gehörgang ziehen.</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>Schlaganfall</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Studien</translation>
    </message>
    <message>
        <source>Studies of the worklist</source>
        <translation>Studien der Arbeitsliste</translation>
    </message>
    <message>
        <source>Studies over the network</source>
        <translation>Studien aus dem Netzwerk</translation>
    </message>
    <message>
        <source>Studies that were found</source>
        <translation>Gefundene Studien</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Studie</translation>
    </message>
    <message>
        <source>Study without description</source>
        <translation>Studie ohne Beschreibung</translation>
    </message>
    <message>
        <source>Subdural</source>
        <translation>Subdural</translation>
    </message>
    <message>
        <source>Swap black and white</source>
        <translation>Schwarz und Weiß vertauschen</translation>
    </message>
    <message>
        <source>Switch &amp;theme</source>
        <translation>Farbsche&amp;ma wechseln</translation>
    </message>
    <message>
        <source>Switch between the dark and the light theme</source>
        <translation>Zwischen dunklem und hellem Farbschema wechseln</translation>
    </message>
    <message>
        <source>T&amp;wo by two</source>
        <translation>&amp;Zwei mal zwei</translation>
    </message>
    <message>
        <source>Tag</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>Tags of slice {index} of {series}</source>
        <translation>Tags der Schicht {index} von {series}</translation>
    </message>
    <message>
        <source>Take single pixels away and fill small holes, by a majority of neighbors; on reformats always in 3-D</source>
        <translation>Einzelne Pixel wegnehmen und kleine Löcher füllen, nach der Mehrheit der Nachbarn; auf Reformationen immer in 3-D</translation>
    </message>
    <message>
        <source>Take the whole screen, or give it back</source>
        <translation>Vollbild ein- oder ausschalten</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Text on the image</source>
        <translation>Text im Bild</translation>
    </message>
    <message>
        <source>Th&amp;inner slab</source>
        <translation>&amp;Dünnerer Slab</translation>
    </message>
    <message>
        <source>The CSV was not written.</source>
        <translation>Die CSV-Datei wurde nicht geschrieben.</translation>
    </message>
    <message>
        <source>The acquired slice nearest to the crosshair, with its findings</source>
        <translation>Die aufgenommene Schicht, die dem Fadenkreuz am nächsten liegt, mit ihren Befunden</translation>
    </message>
    <message>
        <source>The brush does not paint in 3-D here: {refused}. Paint slice by slice.</source>
        <translation>Der Pinsel malt hier nicht in 3-D: {refused}. Bitte Schicht für Schicht malen.</translation>
    </message>
    <message>
        <source>The center is a number of HU, such as 40.</source>
        <translation>Die Fensterlage ist eine Zahl in HU, etwa 40.</translation>
    </message>
    <message>
        <source>The certificate must name the host</source>
        <translation>Das Zertifikat muss den Rechner nennen</translation>
    </message>
    <message>
        <source>The document was not opened.</source>
        <translation>Das Dokument wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>The file has changed.</source>
        <translation>Die Datei hat sich geändert.</translation>
    </message>
    <message>
        <source>The first nine have the keys 1 to 9, once the list was changed here. The command line keeps to windows.toml.</source>
        <translation>Die ersten neun haben die Tasten 1 bis 9, sobald die Liste hier geändert wurde. Die Befehlszeile hält sich an windows.toml.</translation>
    </message>
    <message>
        <source>The first of the list</source>
        <translation>Das erste der Liste</translation>
    </message>
    <message>
        <source>The first {first} of {marked} slices marked as key images</source>
        <translation>Die ersten {first} von {marked} als Schlüsselbilder gekennzeichneten Schichten</translation>
    </message>
    <message>
        <source>The highest probability of any hemorrhage over all slices that were analyzed</source>
        <translation>Die höchste Wahrscheinlichkeit jeglicher Blutung über alle analysierten Schichten</translation>
    </message>
    <message>
        <source>The image itself stays on black in every theme. The size counts for its words too.</source>
        <translation>Das Bild selbst bleibt in jedem Farbschema auf Schwarz. Die Schriftgröße gilt auch für seinen Text.</translation>
    </message>
    <message>
        <source>The keys you chose are not used: {error}.</source>
        <translation>Die von Ihnen gewählten Tasten werden nicht verwendet: {error}.</translation>
    </message>
    <message>
        <source>The last stroke still goes on.</source>
        <translation>Der letzte Strich läuft noch.</translation>
    </message>
    <message>
        <source>The measurements were not written.</source>
        <translation>Die Messungen wurden nicht geschrieben.</translation>
    </message>
    <message>
        <source>The measurements were not written: it was cancelled.</source>
        <translation>Die Messungen wurden nicht geschrieben: Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The model is still being opened.</source>
        <translation>Das Modell wird noch geöffnet.</translation>
    </message>
    <message>
        <source>The most suspicious slices</source>
        <translation>Die verdächtigsten Schichten</translation>
    </message>
    <message>
        <source>The name of the reader is missing.</source>
        <translation>Der Name des Befunders fehlt.</translation>
    </message>
    <message>
        <source>The objects name the patient and belong to the study. Nothing in them says that a slice is free of hemorrhage.</source>
        <translation>Die Objekte nennen den Patienten und gehören zur Studie. Nichts in ihnen sagt, dass eine Schicht frei von Blutung ist.</translation>
    </message>
    <message>
        <source>The outbox cannot be used. {error}</source>
        <translation>Der Postausgang kann nicht verwendet werden. {error}</translation>
    </message>
    <message>
        <source>The outbox was damaged. What was in it now lies at {aside}; nothing of it will be sent.</source>
        <translation>Der Postausgang war beschädigt. Was darin war, liegt jetzt in {aside}; nichts davon wird gesendet.</translation>
    </message>
    <message>
        <source>The patient&apos;s data among the words</source>
        <translation>Die Patientendaten im Text</translation>
    </message>
    <message>
        <source>The patient&apos;s newest earlier study beside this one, where both are open</source>
        <translation>Die neueste frühere Studie des Patienten neben dieser, wenn beide geöffnet sind</translation>
    </message>
    <message>
        <source>The patient&apos;s own planes through the middle of the volume</source>
        <translation>Die Ebenen des Patienten selbst durch die Mitte des Volumens</translation>
    </message>
    <message>
        <source>The picture was not saved.</source>
        <translation>Das Bild wurde nicht gespeichert.</translation>
    </message>
    <message>
        <source>The pictures were not written.</source>
        <translation>Die Bilder wurden nicht geschrieben.</translation>
    </message>
    <message>
        <source>The pixel spacing was estimated, and so is the volume</source>
        <translation>Der Pixelabstand wurde geschätzt, und damit auch das Volumen</translation>
    </message>
    <message>
        <source>The probabilities are those of a model and no diagnosis. It misses bleeds, and it flags what is none: read the images themselves.</source>
        <translation>Die Wahrscheinlichkeiten stammen von einem Modell und sind keine Diagnose. Es übersieht Blutungen und markiert, was keine ist: Befunden Sie die Bilder selbst.</translation>
    </message>
    <message>
        <source>The probabilities are those of a model that misses bleeds and flags what is none. {disclaimer}</source>
        <translation>Die Wahrscheinlichkeiten stammen von einem Modell, das Blutungen übersieht und markiert, was keine ist. {disclaimer}</translation>
    </message>
    <message>
        <source>The region cannot be changed here: {why}. Begin another one.</source>
        <translation>Die Region kann hier nicht geändert werden: {why}. Beginnen Sie eine andere.</translation>
    </message>
    <message>
        <source>The region reached the limit of its growth: it may have leaked.</source>
        <translation>Die Region hat die Grenze ihres Wachstums erreicht: Sie kann ausgelaufen sein.</translation>
    </message>
    <message>
        <source>The region was changed while it was smoothed; smooth it again.</source>
        <translation>Die Region wurde geändert, während sie geglättet wurde; bitte noch einmal glätten.</translation>
    </message>
    <message>
        <source>The region was deleted while it grew.</source>
        <translation>Die Region wurde gelöscht, während sie wuchs.</translation>
    </message>
    <message>
        <source>The region was painted on other pixels of this slice. Begin another one.</source>
        <translation>Die Region wurde auf anderen Pixeln dieser Schicht gemalt. Beginnen Sie eine neue.</translation>
    </message>
    <message>
        <source>The region was painted on other pixels than it would grow on.</source>
        <translation>Die Region wurde auf anderen Pixeln gemalt als denen, auf denen sie wachsen würde.</translation>
    </message>
    <message>
        <source>The report was not made.</source>
        <translation>Der Bericht wurde nicht erstellt.</translation>
    </message>
    <message>
        <source>The report was not printed.</source>
        <translation>Der Bericht wurde nicht gedruckt.</translation>
    </message>
    <message>
        <source>The selected problems in full</source>
        <translation>Die gewählten Probleme im vollen Wortlaut</translation>
    </message>
    <message>
        <source>The series in view{others} hidden by the filter</source>
        <translation>Die gezeigte Serie{others} durch den Filter ausgeblendet</translation>
    </message>
    <message>
        <source>The slice alone, pixel for pixel</source>
        <translation>Die Schicht allein, Pixel für Pixel</translation>
    </message>
    <message>
        <source>The slices are analyzed by themselves while you read.{go}</source>
        <translation>Die Schichten werden von selbst analysiert, während Sie befunden.{go}</translation>
    </message>
    <message>
        <source>The slices were not read to the end.</source>
        <translation>Die Schichten wurden nicht bis zum Ende gelesen.</translation>
    </message>
    <message>
        <source>The study is not complete: {found}</source>
        <translation>Die Studie ist nicht vollständig: {found}</translation>
    </message>
    <message>
        <source>The study was not fetched. {error}</source>
        <translation>Die Studie wurde nicht geholt. {error}</translation>
    </message>
    <message>
        <source>The study was not fetched. {why}</source>
        <translation>Die Studie wurde nicht geholt. {why}</translation>
    </message>
    <message>
        <source>The system has no program for {kind} files.</source>
        <translation>Das System hat kein Programm für {kind}-Dateien.</translation>
    </message>
    <message>
        <source>The system&apos;s program for {kind} files shows it. It gets a copy that only you can read, which is deleted when you close the study or quit. It may name the patient.</source>
        <translation>Das Programm des Systems für {kind}-Dateien zeigt es. Es bekommt eine Kopie, die nur Sie lesen können und die gelöscht wird, wenn Sie die Studie schließen oder das Programm beenden. Sie kann den Patienten nennen.</translation>
    </message>
    <message>
        <source>The test was cancelled.</source>
        <translation>Die Prüfung wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The value of one pixel</source>
        <translation>Der Wert eines Pixels</translation>
    </message>
    <message>
        <source>The volume takes {memory}.</source>
        <translation>Das Volumen braucht {memory}.</translation>
    </message>
    <message>
        <source>The whole image, as large as it fits</source>
        <translation>Das ganze Bild, so groß wie es passt</translation>
    </message>
    <message>
        <source>The width is a number of HU, such as 80.</source>
        <translation>Die Fensterbreite ist eine Zahl in HU, etwa 80.</translation>
    </message>
    <message>
        <source>The width is at least 1 HU.</source>
        <translation>Die Fensterbreite beträgt mindestens 1 HU.</translation>
    </message>
    <message>
        <source>The width is more than 0 HU.</source>
        <translation>Die Fensterbreite ist größer als 0 HU.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>There is another source of this name.</source>
        <translation>Es gibt eine andere Quelle dieses Namens.</translation>
    </message>
    <message>
        <source>There is another window of this name.</source>
        <translation>Es gibt ein anderes Fenster dieses Namens.</translation>
    </message>
    <message>
        <source>There is nowhere to send them: add a node or a server under File, Sources first.</source>
        <translation>Es gibt kein Ziel zum Senden: Fügen Sie zuerst unter „Datei“, „Netzwerk“, „Quellen“ einen Knoten oder Server hinzu.</translation>
    </message>
    <message>
        <source>There was no model, so nothing was analyzed.</source>
        <translation>Es gab kein Modell, also wurde nichts analysiert.</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>Dicke</translation>
    </message>
    <message>
        <source>Thickness {thickness_mm:g} mm</source>
        <translation>Dicke {thickness_mm:g} mm</translation>
    </message>
    <message>
        <source>This image alone, and all again</source>
        <translation>Dieses Bild allein, und wieder alle</translation>
    </message>
    <message>
        <source>This image brings no window of its own.</source>
        <translation>Dieses Bild bringt kein eigenes Fenster mit.</translation>
    </message>
    <message>
        <source>This is a bug in ichviewer</source>
        <translation>Das ist ein Fehler in ichviewer</translation>
    </message>
    <message>
        <source>This is a whole number from 1 to 1000.</source>
        <translation>Das ist eine ganze Zahl von 1 bis 1000.</translation>
    </message>
    <message>
        <source>This is the last slice.</source>
        <translation>Das ist die letzte Schicht.</translation>
    </message>
    <message>
        <source>This model gives no maps of the regions that influenced its score</source>
        <translation>Dieses Modell gibt keine Karten der Regionen, die seinen Wert beeinflusst haben</translation>
    </message>
    <message>
        <source>This series</source>
        <translation>Diese Serie</translation>
    </message>
    <message>
        <source>This series has no slice at the position of the linked pane.</source>
        <translation>Diese Serie hat keine Schicht an der Position der verknüpften Ansicht.</translation>
    </message>
    <message>
        <source>This series has not been analyzed.</source>
        <translation>Diese Serie wurde nicht analysiert.</translation>
    </message>
    <message>
        <source>This series lies {outside}: its probabilities count for less.</source>
        <translation>Diese Serie liegt {outside}: Ihre Wahrscheinlichkeiten zählen weniger.</translation>
    </message>
    <message>
        <source>This series: {note}</source>
        <translation>Diese Serie: {note}</translation>
    </message>
    <message>
        <source>This series: {series_title}</source>
        <translation>Diese Serie: {series_title}</translation>
    </message>
    <message>
        <source>This slice</source>
        <translation>Diese Schicht</translation>
    </message>
    <message>
        <source>This slice cannot be shown</source>
        <translation>Diese Schicht kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>This tool is for acquired slices, not for reformats.</source>
        <translation>Dieses Werkzeug ist für aufgenommene Schichten, nicht für Reformationen.</translation>
    </message>
    <message>
        <source>Three side by s&amp;ide</source>
        <translation>&amp;Drei nebeneinander</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwellenwert</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Schwellenwerte</translation>
    </message>
    <message>
        <source>Time since the first image came</source>
        <translation>Zeit, seit das erste Bild kam</translation>
    </message>
    <message>
        <source>To</source>
        <translation>An</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Top for bottom</source>
        <translation>Oben mit unten vertauschen</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert an</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>True aspect ratio, where pixels are not square</source>
        <translation>Wahres Seitenverhältnis, wo Pixel nicht quadratisch sind</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Two &amp;below each other</source>
        <translation>Zwei &amp;untereinander</translation>
    </message>
    <message>
        <source>Two &amp;side by side</source>
        <translation>Zwei &amp;nebeneinander</translation>
    </message>
    <message>
        <source>Two above each other</source>
        <translation>Zwei untereinander</translation>
    </message>
    <message>
        <source>Two beside each other</source>
        <translation>Zwei nebeneinander</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>Arten</translation>
    </message>
    <message>
        <source>Uncertain HU: the file does not tell the rescale slope and intercept</source>
        <translation>Unsichere HU: Die Datei nennt Rescale Slope und Intercept nicht</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo {undo}</source>
        <translation>Rückgängig: {undo}</translation>
    </message>
    <message>
        <source>Uneven slice distances: {found}</source>
        <translation>Ungleiche Schichtabstände: {found}</translation>
    </message>
    <message>
        <source>Unexpected error</source>
        <translation>Unerwarteter Fehler</translation>
    </message>
    <message>
        <source>Unnamed patient</source>
        <translation>Patient ohne Namen</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Urgency</source>
        <translation>Dringlichkeit</translation>
    </message>
    <message>
        <source>Use another model: a .keras file with its model.json</source>
        <translation>Ein anderes Modell verwenden: eine .keras-Datei mit ihrer model.json</translation>
    </message>
    <message>
        <source>Use the &amp;bundled model</source>
        <translation>Mit&amp;geliefertes Modell verwenden</translation>
    </message>
    <message>
        <source>User</source>
        <translation>Benutzer</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <source>Version {version} · Python {python_version} · Qt {qversion}</source>
        <translation>Version {version} · Python {python_version} · Qt {qversion}</translation>
    </message>
    <message>
        <source>Version, model, licenses</source>
        <translation>Version, Modell, Lizenzen</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Volume by brus&amp;h or seed</source>
        <translation>&amp;Volumen mit Pinsel oder Saatpunkt</translation>
    </message>
    <message>
        <source>Volume of the region</source>
        <translation>Volumen der Region</translation>
    </message>
    <message>
        <source>Volumes count the pixels of a region on each slice: the area of a pixel, times how much of the distance between slices belongs to that slice. Within brackets: with half of the voxels at the surface taken away, and with half of those around it added. Each picture shows the slice on which its region is largest.</source>
        <translation>Volumina zählen die Pixel einer Region auf jeder Schicht: die Fläche eines Pixels mal den Anteil des Schichtabstands, der zu dieser Schicht gehört. In Klammern: ohne die Hälfte der Voxel an der Oberfläche, und mit der Hälfte der Voxel, die sie umgeben. Jedes Bild zeigt die Schicht, auf der seine Region am größten ist.</translation>
    </message>
    <message>
        <source>W&amp;hole image</source>
        <translation>&amp;Ganzes Bild</translation>
    </message>
    <message>
        <source>W&amp;ords on the image</source>
        <translation>Te&amp;xt im Bild</translation>
    </message>
    <message>
        <source>Waiting or in progress</source>
        <translation>Wartend oder in Arbeit</translation>
    </message>
    <message>
        <source>Waiting to be analyzed</source>
        <translation>Wartet auf die Analyse</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>What a node that reads what arrives has found, the most urgent first</source>
        <translation>Was ein Knoten gefunden hat, der Eintreffendes analysiert, das Dringendste zuerst</translation>
    </message>
    <message>
        <source>What became of the last change</source>
        <translation>Was aus der letzten Änderung wurde</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Was sich geändert hat</translation>
    </message>
    <message>
        <source>What changed from version to version</source>
        <translation>Was sich von Version zu Version geändert hat</translation>
    </message>
    <message>
        <source>What is new cannot be told.</source>
        <translation>Die Neuigkeiten können nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>What is to be sent to a node or a server, and what became of it</source>
        <translation>Was an einen Knoten oder Server gesendet werden soll, und was daraus wurde</translation>
    </message>
    <message>
        <source>What the other viewers leave free, such as Ctrl and wheel, keeps the meaning it has here. Weasis shows a menu with the right button, which this window has not.</source>
        <translation>Was die anderen Viewer frei lassen, etwa Strg und Mausrad, behält die Bedeutung, die es hier hat. Weasis zeigt mit der rechten Taste ein Menü, das es in diesem Programmfenster nicht gibt.</translation>
    </message>
    <message>
        <source>What the scanner drew into the pixels is still there.</source>
        <translation>Vom Scanner ins Bild eingebrannter Text ist noch da.</translation>
    </message>
    <message>
        <source>What the scanner drew into the pixels themselves stays in any case.</source>
        <translation>Vom Scanner ins Bild eingebrannter Text bleibt in jedem Fall erhalten.</translation>
    </message>
    <message>
        <source>What waits is sent by itself while the window is open, also after the next start, until it is delivered or refused. Nothing is lost when the program ends.</source>
        <translation>Was wartet, wird von selbst gesendet, solange das Programmfenster offen ist, auch nach dem nächsten Start, bis es zugestellt oder abgelehnt ist. Nichts geht verloren, wenn das Programm endet.</translation>
    </message>
    <message>
        <source>What was not sent waits</source>
        <translation>Was nicht gesendet wurde, wartet</translation>
    </message>
    <message>
        <source>What was opened before</source>
        <translation>Was zuvor geöffnet wurde</translation>
    </message>
    <message>
        <source>What was repaired, doubted or left out</source>
        <translation>Was repariert, angezweifelt oder ausgelassen wurde</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>Neuigkeiten</translation>
    </message>
    <message>
        <source>What&apos;s new in ichviewer {version}</source>
        <translation>Neues in ichviewer {version}</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>Welche</translation>
    </message>
    <message>
        <source>Which series are listed</source>
        <translation>Welche Serien gezeigt werden</translation>
    </message>
    <message>
        <source>Which studies are listed</source>
        <translation>Welche Studien gezeigt werden</translation>
    </message>
    <message>
        <source>Who asks</source>
        <translation>Wer fragt</translation>
    </message>
    <message>
        <source>Whole image, window of the preset</source>
        <translation>Ganzes Bild, Fenster der Vorgabe</translation>
    </message>
    <message>
        <source>Whole series</source>
        <translation>Ganze Serie</translation>
    </message>
    <message>
        <source>Whole series: no answer, the analysis did not come to all slices.</source>
        <translation>Ganze Serie: keine Aussage, die Analyse kam nicht zu allen Schichten.</translation>
    </message>
    <message>
        <source>Whole series: the highest of the analyzed slices, as the model has no rule for a series.</source>
        <translation>Ganze Serie: der höchste Wert der analysierten Schichten, da das Modell keine Regel für eine Serie hat.</translation>
    </message>
    <message>
        <source>Whole series: the model&apos;s rule pools the analyzed slices. Thresholds are for single slices. Slices that were not analyzed have no part in it.</source>
        <translation>Ganze Serie: Die Regel des Modells fasst die analysierten Schichten zusammen. Die Schwellenwerte gelten für einzelne Schichten. Nicht analysierte Schichten haben keinen Anteil daran.</translation>
    </message>
    <message>
        <source>Width in HU</source>
        <translation>Fensterbreite in HU</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Window at start</source>
        <translation>Fenster beim Start</translation>
    </message>
    <message>
        <source>Window center and width</source>
        <translation>Fensterlage und Fensterbreite</translation>
    </message>
    <message>
        <source>Window from a re&amp;gion</source>
        <translation>Fenster a&amp;us einer Region</translation>
    </message>
    <message>
        <source>Window in n&amp;umbers…</source>
        <translation>Fenster in Zah&amp;len…</translation>
    </message>
    <message>
        <source>Window {name}</source>
        <translation>Fenster {name}</translation>
    </message>
    <message>
        <source>Window {place}</source>
        <translation>Fenster {place}</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Windows in order</source>
        <translation>Fenster in ihrer Reihenfolge</translation>
    </message>
    <message>
        <source>Windows, center/width in HU</source>
        <translation>Fenster, Lage/Breite in HU</translation>
    </message>
    <message>
        <source>With a token</source>
        <translation>Mit einem Token</translation>
    </message>
    <message>
        <source>With a user and a password</source>
        <translation>Mit Benutzer und Passwort</translation>
    </message>
    <message>
        <source>With the name of the reader</source>
        <translation>Mit dem Namen des Befunders</translation>
    </message>
    <message>
        <source>With the patient&apos;s data</source>
        <translation>Mit Patientendaten</translation>
    </message>
    <message>
        <source>Within</source>
        <translation>Umkreis</translation>
    </message>
    <message>
        <source>Without a picture: {further}.</source>
        <translation>Ohne Bild: {further}.</translation>
    </message>
    <message>
        <source>Without https, the password or token crosses the network readable for everybody on the way.</source>
        <translation>Ohne https geht das Passwort oder Token für alle unterwegs lesbar durch das Netzwerk.</translation>
    </message>
    <message>
        <source>Without patient data</source>
        <translation>Ohne Patientendaten</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>Words and findings hidden</source>
        <translation>Text und Befunde ausgeblendet</translation>
    </message>
    <message>
        <source>Words below each picture</source>
        <translation>Text unter jedem Bild</translation>
    </message>
    <message>
        <source>Words hidden</source>
        <translation>Text ausgeblendet</translation>
    </message>
    <message>
        <source>Words on the image</source>
        <translation>Text im Bild</translation>
    </message>
    <message>
        <source>Words on the image. They are kept and exported as they are typed.</source>
        <translation>Text im Bild. Er wird so gespeichert und exportiert, wie er eingegeben wird.</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>Arbeitsliste</translation>
    </message>
    <message>
        <source>Worklist of a node</source>
        <translation>Arbeitsliste eines Knotens</translation>
    </message>
    <message>
        <source>Write all measurements of what is open to a {upper} file</source>
        <translation>Alle Messungen des Geöffneten in eine {upper}-Datei schreiben</translation>
    </message>
    <message>
        <source>Write the findings of all slices to a CSV file</source>
        <translation>Die Befunde aller Schichten in eine CSV-Datei schreiben</translation>
    </message>
    <message>
        <source>Write the findings of the series in view as DICOM objects: report, key objects, segmentation and others</source>
        <translation>Die Befunde der gezeigten Serie als DICOM-Objekte schreiben: Bericht, Schlüsselobjekte, Segmentierung und andere</translation>
    </message>
    <message>
        <source>Write words on the image</source>
        <translation>Text ins Bild schreiben</translation>
    </message>
    <message>
        <source>Writing pictures</source>
        <translation>Bilder werden geschrieben</translation>
    </message>
    <message>
        <source>Writing pictures: {done:,} of {slices}</source>
        <translation>Bilder werden geschrieben: {done:,} von {slices}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>V&amp;ergrößern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom {zoom:.0f} %</source>
        <translation>Zoom {zoom:.0f} %</translation>
    </message>
    <message>
        <source>[picture] {lines}</source>
        <translation>[Bild] {lines}</translation>
    </message>
    <message>
        <source>a DICOM file without an image</source>
        <translation>eine DICOM-Datei ohne Bild</translation>
    </message>
    <message>
        <source>a JPEG Huffman table is cut short</source>
        <translation>eine Huffman-Tabelle des JPEG ist abgeschnitten</translation>
    </message>
    <message>
        <source>a child&apos;s head; the model is meant for adults</source>
        <translation>der Kopf eines Kindes; das Modell ist für Erwachsene gedacht</translation>
    </message>
    <message>
        <source>a damaged file cannot be set aside: all names are taken</source>
        <translation>eine beschädigte Datei kann nicht beiseitegelegt werden: Alle Namen sind vergeben</translation>
    </message>
    <message>
        <source>a field is missing</source>
        <translation>ein Feld fehlt</translation>
    </message>
    <message>
        <source>a file of the model cannot be read</source>
        <translation>eine Datei des Modells kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>a file of the model is missing</source>
        <translation>eine Datei des Modells fehlt</translation>
    </message>
    <message>
        <source>a header value is malformed and was not used</source>
        <translation>ein Header-Wert ist fehlerhaft und wurde nicht verwendet</translation>
    </message>
    <message>
        <source>a key is given to two windows</source>
        <translation>eine Taste ist an zwei Fenster vergeben</translation>
    </message>
    <message>
        <source>a painted region cannot be read</source>
        <translation>eine gemalte Region kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>a part lies outside the image</source>
        <translation>ein Teil liegt außerhalb des Bildes</translation>
    </message>
    <message>
        <source>a point on one arm</source>
        <translation>ein Punkt auf einem Schenkel</translation>
    </message>
    <message>
        <source>a point on the other arm</source>
        <translation>ein Punkt auf dem anderen Schenkel</translation>
    </message>
    <message>
        <source>a receiver with TLS needs a certificate and a key of its own</source>
        <translation>ein Empfänger mit TLS braucht ein eigenes Zertifikat und einen Schlüssel</translation>
    </message>
    <message>
        <source>a region cannot be grown through these slices</source>
        <translation>durch diese Schichten kann keine Region wachsen</translation>
    </message>
    <message>
        <source>a single slice of unknown thickness</source>
        <translation>eine einzelne Schicht unbekannter Dicke</translation>
    </message>
    <message>
        <source>a slice has no pixel spacing</source>
        <translation>eine Schicht hat keinen Pixelabstand</translation>
    </message>
    <message>
        <source>a slice has no position or orientation</source>
        <translation>eine Schicht hat keine Position oder Orientierung</translation>
    </message>
    <message>
        <source>a study</source>
        <translation>eine Studie</translation>
    </message>
    <message>
        <source>a value is outside what CT can have</source>
        <translation>ein Wert liegt außerhalb dessen, was im CT möglich ist</translation>
    </message>
    <message>
        <source>a window has either a source or a center and width</source>
        <translation>ein Fenster hat entweder eine Quelle oder Lage und Breite</translation>
    </message>
    <message>
        <source>abc2</source>
        <translation>ABC/2</translation>
    </message>
    <message>
        <source>about a second left</source>
        <translation>noch etwa eine Sekunde</translation>
    </message>
    <message>
        <source>about {seconds} min left</source>
        <translation>noch etwa {seconds} min</translation>
    </message>
    <message>
        <source>about {seconds} s left</source>
        <translation>noch etwa {seconds} s</translation>
    </message>
    <message>
        <source>active</source>
        <translation>aktiv</translation>
    </message>
    <message>
        <source>again for the file&apos;s next window</source>
        <translation>noch einmal für das nächste Fenster der Datei</translation>
    </message>
    <message>
        <source>all keys, and changing them</source>
        <translation>alle Tasten, und wie man sie ändert</translation>
    </message>
    <message>
        <source>all of it is open already</source>
        <translation>alles davon ist schon geöffnet</translation>
    </message>
    <message>
        <source>all slices again, not only key objects</source>
        <translation>wieder alle Schichten, nicht nur Schlüsselobjekte</translation>
    </message>
    <message>
        <source>all {studies:,} open studies</source>
        <translation>alle {studies:,} geöffneten Studien</translation>
    </message>
    <message>
        <source>an annotation cannot be read</source>
        <translation>eine Anmerkung kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>an annotation is not what was saved</source>
        <translation>eine Anmerkung ist nicht, was gespeichert wurde</translation>
    </message>
    <message>
        <source>an encrypted file is not what was stored</source>
        <translation>eine verschlüsselte Datei ist nicht, was gespeichert wurde</translation>
    </message>
    <message>
        <source>an unexpected error</source>
        <translation>ein unerwarteter Fehler</translation>
    </message>
    <message>
        <source>an unexpected error while reading</source>
        <translation>ein unerwarteter Fehler beim Lesen</translation>
    </message>
    <message>
        <source>an unexpected error: {name}</source>
        <translation>ein unerwarteter Fehler: {name}</translation>
    </message>
    <message>
        <source>an unexpected error; a report tells more</source>
        <translation>ein unerwarteter Fehler; mehr steht in einem Bericht</translation>
    </message>
    <message>
        <source>an unexpected error; see the report</source>
        <translation>ein unerwarteter Fehler; siehe den Bericht</translation>
    </message>
    <message>
        <source>analyze again</source>
        <comment>what a key does</comment>
        <translation>neu analysieren</translation>
    </message>
    <message>
        <source>analyze again</source>
        <translation>bitte neu analysieren</translation>
    </message>
    <message>
        <source>analyzed</source>
        <translation>analysiert</translation>
    </message>
    <message>
        <source>analyzed, no flag</source>
        <translation>analysiert, nicht markiert</translation>
    </message>
    <message>
        <source>analyzed, nothing flagged</source>
        <translation>analysiert, nichts markiert</translation>
    </message>
    <message>
        <source>analyzing</source>
        <translation>wird analysiert</translation>
    </message>
    <message>
        <source>and {rest} more</source>
        <translation>und {rest} weitere</translation>
    </message>
    <message>
        <source>angle</source>
        <translation>Winkel</translation>
    </message>
    <message numerus="yes">
        <source>annotation</source>
        <comment>annotations</comment>
        <translation>
            <numerusform>Anmerkung</numerusform>
            <numerusform>Anmerkungen</numerusform>
        </translation>
    </message>
    <message>
        <source>annotations cannot be saved here: the file or its folder is read-only</source>
        <translation>Anmerkungen können hier nicht gespeichert werden: Die Datei oder ihr Ordner ist schreibgeschützt</translation>
    </message>
    <message>
        <source>annotations cannot be saved: the file was replaced or deleted while it was open; start the program again</source>
        <translation>Anmerkungen können nicht gespeichert werden: Die Datei wurde ersetzt oder gelöscht, während sie geöffnet war; bitte das Programm neu starten</translation>
    </message>
    <message>
        <source>another frame of reference</source>
        <translation>ein anderes Bezugssystem (Frame of Reference)</translation>
    </message>
    <message>
        <source>another object lies in this file now; open the study again</source>
        <translation>in dieser Datei liegt jetzt ein anderes Objekt; bitte die Studie neu öffnen</translation>
    </message>
    <message>
        <source>another program has been opening the annotations for too long; try again, or end it</source>
        <translation>ein anderes Programm öffnet die Anmerkungen schon zu lange; noch einmal versuchen oder es beenden</translation>
    </message>
    <message>
        <source>another program is using the outbox; try again</source>
        <translation>ein anderes Programm verwendet den Postausgang; noch einmal versuchen</translation>
    </message>
    <message>
        <source>another program is writing annotations; try again</source>
        <translation>ein anderes Programm schreibt Anmerkungen; noch einmal versuchen</translation>
    </message>
    <message>
        <source>anterior</source>
        <translation>anterior</translation>
    </message>
    <message>
        <source>any</source>
        <comment>text that is searched for</comment>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>any</source>
        <translation>jegliche Blutung</translation>
    </message>
    <message>
        <source>any; * and ? are wildcards</source>
        <translation>beliebig; * und ? als Platzhalter</translation>
    </message>
    <message>
        <source>arriving</source>
        <translation>trifft ein</translation>
    </message>
    <message>
        <source>arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>arrow keys</source>
        <translation>Pfeiltasten</translation>
    </message>
    <message>
        <source>as far as the zoom goes</source>
        <translation>soweit der Zoom reicht</translation>
    </message>
    <message>
        <source>as it is kept already</source>
        <translation>wie schon gespeichert</translation>
    </message>
    <message>
        <source>at most {megabytes}</source>
        <translation>höchstens {megabytes}</translation>
    </message>
    <message>
        <source>at or over</source>
        <translation>an oder über</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>axial</translation>
    </message>
    <message>
        <source>bidirectional</source>
        <translation>Bidirektional</translation>
    </message>
    <message>
        <source>born {birth_date}</source>
        <translation>geboren {birth_date}</translation>
    </message>
    <message>
        <source>bottom</source>
        <translation>unten</translation>
    </message>
    <message>
        <source>brain, subdural and bone window side by side, or back</source>
        <translation>Hirn-, Subdural- und Knochenfenster nebeneinander, oder zurück</translation>
    </message>
    <message>
        <source>cancel the analysis</source>
        <translation>die Analyse abbrechen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>center/width {numbers} HU</source>
        <translation>Lage/Breite {numbers} HU</translation>
    </message>
    <message>
        <source>clock differs</source>
        <translation>Uhr weicht ab</translation>
    </message>
    <message>
        <source>close all studies</source>
        <translation>alle Studien schließen</translation>
    </message>
    <message>
        <source>close the study in view only</source>
        <translation>nur die gezeigte Studie schließen</translation>
    </message>
    <message>
        <source>closes with the study</source>
        <translation>verschwindet mit der Studie</translation>
    </message>
    <message>
        <source>compared while the reformats are shown</source>
        <translation>wird verglichen, während die Reformationen gezeigt werden</translation>
    </message>
    <message>
        <source>compressed frames are not read here</source>
        <translation>komprimierte Frames werden hier nicht gelesen</translation>
    </message>
    <message>
        <source>contrast medium seems to have been given; the model was trained without</source>
        <translation>anscheinend mit Kontrastmittel; das Modell wurde an nativen Aufnahmen trainiert</translation>
    </message>
    <message>
        <source>copy it to the next slice</source>
        <translation>in die nächste Schicht kopieren</translation>
    </message>
    <message>
        <source>copy the picture with the patient&apos;s data</source>
        <translation>das Bild mit Patientendaten kopieren</translation>
    </message>
    <message>
        <source>copy the picture without the patient&apos;s data</source>
        <translation>das Bild ohne Patientendaten kopieren</translation>
    </message>
    <message>
        <source>copy to the next slice</source>
        <translation>in die nächste Schicht kopieren</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>koronal</translation>
    </message>
    <message>
        <source>count the slices of</source>
        <translation>Schichten zählen:</translation>
    </message>
    <message>
        <source>dark or light theme</source>
        <translation>dunkles oder helles Farbschema</translation>
    </message>
    <message numerus="yes">
        <source>data set</source>
        <comment>data sets</comment>
        <translation>
            <numerusform>Datensatz</numerusform>
            <numerusform>Datensätze</numerusform>
        </translation>
    </message>
    <message>
        <source>dates</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>delete region</source>
        <translation>Region löschen</translation>
    </message>
    <message>
        <source>delete what is selected</source>
        <translation>die Auswahl löschen</translation>
    </message>
    <message>
        <source>delete {kind_name}</source>
        <translation>{kind_name} löschen</translation>
    </message>
    <message>
        <source>documents of this type are not opened</source>
        <translation>Dokumente dieser Art werden nicht geöffnet</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>draw painted regions, or not</source>
        <translation>gemalte Regionen zeichnen oder nicht</translation>
    </message>
    <message>
        <source>draw stored results that were opened, or not</source>
        <translation>geöffnete gespeicherte Ergebnisse einzeichnen, oder nicht</translation>
    </message>
    <message>
        <source>draw with the tool, or move what it selects</source>
        <translation>mit dem Werkzeug zeichnen, oder verschieben, was es auswählt</translation>
    </message>
    <message>
        <source>draw {kind_name}</source>
        <translation>{kind_name} zeichnen</translation>
    </message>
    <message>
        <source>drawn on other pixels</source>
        <translation>auf anderen Pixeln gezeichnet</translation>
    </message>
    <message>
        <source>drawn on other pixels: nothing is measured</source>
        <translation>auf anderen Pixeln gezeichnet: Nichts wird gemessen</translation>
    </message>
    <message>
        <source>drawn with another slab</source>
        <translation>mit einem anderen Slab gezeichnet</translation>
    </message>
    <message>
        <source>ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>epidural</source>
        <translation>epidural</translation>
    </message>
    <message>
        <source>erase in region</source>
        <translation>in der Region radieren</translation>
    </message>
    <message>
        <source>erase in region in 3-D</source>
        <translation>in der Region in 3-D radieren</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message numerus="yes">
        <source>error</source>
        <comment>errors</comment>
        <translation>
            <numerusform>Fehler</numerusform>
            <numerusform>Fehler</numerusform>
        </translation>
    </message>
    <message>
        <source>export the findings as CSV</source>
        <translation>die Befunde als CSV exportieren</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>failed, tried again</source>
        <translation>fehlgeschlagen, wird wieder versucht</translation>
    </message>
    <message>
        <source>feet</source>
        <translation>Füße</translation>
    </message>
    <message numerus="yes">
        <source>file</source>
        <comment>files</comment>
        <translation>
            <numerusform>Datei</numerusform>
            <numerusform>Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>file name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <source>find studies over the network</source>
        <translation>Studien im Netzwerk suchen</translation>
    </message>
    <message>
        <source>first, last slice</source>
        <translation>erste, letzte Schicht</translation>
    </message>
    <message>
        <source>five slices</source>
        <translation>fünf Schichten</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>markiert</translation>
    </message>
    <message>
        <source>flagged, {state}</source>
        <translation>markiert, {state}</translation>
    </message>
    <message>
        <source>flip left for right, top for bottom</source>
        <translation>links mit rechts, oben mit unten vertauschen</translation>
    </message>
    <message>
        <source>flipped left for right</source>
        <translation>links mit rechts vertauscht</translation>
    </message>
    <message>
        <source>floating-point pixel data is not supported</source>
        <translation>Pixeldaten aus Gleitkommazahlen werden nicht unterstützt</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>freehand</source>
        <translation>Freihandumriss</translation>
    </message>
    <message>
        <source>from 2024-01-31</source>
        <translation>von 2024-01-31</translation>
    </message>
    <message>
        <source>from a reformat to the nearest slice</source>
        <translation>von einer Reformation zur nächstgelegenen Schicht</translation>
    </message>
    <message>
        <source>from the image</source>
        <translation>aus dem Bild</translation>
    </message>
    <message>
        <source>full screen; Esc leaves it</source>
        <translation>Vollbild; Esc beendet es</translation>
    </message>
    <message numerus="yes">
        <source>further region</source>
        <comment>further regions</comment>
        <translation>
            <numerusform>weitere Region</numerusform>
            <numerusform>weitere Regionen</numerusform>
        </translation>
    </message>
    <message>
        <source>go to that slice</source>
        <translation>zu dieser Schicht gehen</translation>
    </message>
    <message>
        <source>grow region</source>
        <translation>Region wachsen lassen</translation>
    </message>
    <message>
        <source>grow region in 3-D</source>
        <translation>Region in 3-D wachsen lassen</translation>
    </message>
    <message>
        <source>growing needs too much memory</source>
        <translation>das Wachsen braucht zu viel Speicher</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>hide the panels, or show them</source>
        <translation>die Seitenleisten ausblenden oder zeigen</translation>
    </message>
    <message>
        <source>highest slice</source>
        <translation>höchste Schicht</translation>
    </message>
    <message>
        <source>hold the button and draw the outline</source>
        <translation>Taste halten und den Umriss zeichnen</translation>
    </message>
    <message>
        <source>how far apart its planes lie is not known</source>
        <translation>wie weit ihre Ebenen auseinanderliegen, ist nicht bekannt</translation>
    </message>
    <message>
        <source>ichviewer is free software under the Apache License 2.0. It comes with Qt for Python (LGPL-3.0), pydicom (MIT), NumPy (BSD-3-Clause), pyqtgraph (MIT), imagecodecs (BSD-3-Clause), LiteRT (Apache-2.0), the typeface Roboto (Apache-2.0) and others. The file NOTICE lists them all.</source>
        <translation>ichviewer ist freie Software unter der Apache License 2.0. Es enthält Qt for Python (LGPL-3.0), pydicom (MIT), NumPy (BSD-3-Clause), pyqtgraph (MIT), imagecodecs (BSD-3-Clause), LiteRT (Apache-2.0), die Schrift Roboto (Apache-2.0) und anderes. Die Datei NOTICE führt alles auf.</translation>
    </message>
    <message>
        <source>ichviewer shows the slices and marks those that may show blood. Nothing leaves this computer unless you ask for it.</source>
        <translation>ichviewer zeigt die Schichten und markiert die, auf denen eine Blutung sein könnte. Ohne Ihren Auftrag verlässt nichts diesen Rechner.</translation>
    </message>
    <message numerus="yes">
        <source>image</source>
        <comment>images</comment>
        <translation>
            <numerusform>Bild</numerusform>
            <numerusform>Bilder</numerusform>
        </translation>
    </message>
    <message>
        <source>images that the source lists did not come; the study is not complete</source>
        <translation>Bilder, die die Quelle aufführt, kamen nicht; die Studie ist nicht vollständig</translation>
    </message>
    <message>
        <source>in the image</source>
        <translation>im Bild</translation>
    </message>
    <message>
        <source>in {present:,} of {slices}</source>
        <translation>in {present:,} von {slices}</translation>
    </message>
    <message>
        <source>instance number</source>
        <translation>Instanznummer</translation>
    </message>
    <message>
        <source>intraparenchymal</source>
        <translation>intraparenchymal</translation>
    </message>
    <message>
        <source>intraventricular</source>
        <translation>intraventrikulär</translation>
    </message>
    <message>
        <source>invert</source>
        <translation>invertieren</translation>
    </message>
    <message>
        <source>it lies across the slices</source>
        <translation>es liegt quer zu den Schichten</translation>
    </message>
    <message>
        <source>it lies outside of what was opened and was not read</source>
        <translation>sie liegt außerhalb dessen, was geöffnet wurde, und wurde nicht gelesen</translation>
    </message>
    <message>
        <source>it refers to a slice of another size, and has no position</source>
        <translation>es verweist auf eine Schicht anderer Größe und hat keine Position</translation>
    </message>
    <message>
        <source>it refers to a slice that lies elsewhere</source>
        <translation>es verweist auf eine Schicht, die woanders liegt</translation>
    </message>
    <message>
        <source>it was painted on other pixels</source>
        <translation>sie wurde auf anderen Pixeln gemalt</translation>
    </message>
    <message numerus="yes">
        <source>item</source>
        <comment>items</comment>
        <translation>
            <numerusform>Eintrag</numerusform>
            <numerusform>Einträge</numerusform>
        </translation>
    </message>
    <message>
        <source>its displayed area lies outside of the picture</source>
        <translation>sein Anzeigebereich liegt außerhalb des Bildes</translation>
    </message>
    <message>
        <source>its full path</source>
        <translation>der vollständige Pfad</translation>
    </message>
    <message>
        <source>its lines do not cross this region</source>
        <translation>die Linien schneiden diese Region nicht</translation>
    </message>
    <message>
        <source>its other end</source>
        <translation>ihr anderes Ende</translation>
    </message>
    <message>
        <source>its pixels are not at hand</source>
        <translation>die Pixel liegen nicht vor</translation>
    </message>
    <message>
        <source>its plane has to be shown first</source>
        <translation>ihre Ebene muss erst gezeigt werden</translation>
    </message>
    <message>
        <source>its posterior end</source>
        <translation>ihr hinteres Ende</translation>
    </message>
    <message>
        <source>its shape of pixels is not shown</source>
        <translation>seine Pixelform wird nicht dargestellt</translation>
    </message>
    <message>
        <source>its studies were closed</source>
        <translation>die Studien wurden geschlossen</translation>
    </message>
    <message>
        <source>its study has no images that it could be shown on</source>
        <translation>die Studie hat keine Bilder, auf denen es gezeigt werden könnte</translation>
    </message>
    <message>
        <source>key image</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>key image, or not</source>
        <translation>Schlüsselbild, oder nicht</translation>
    </message>
    <message numerus="yes">
        <source>kind</source>
        <comment>kinds</comment>
        <translation>
            <numerusform>Art</numerusform>
            <numerusform>Arten</numerusform>
        </translation>
    </message>
    <message>
        <source>layout: {words}</source>
        <translation>Aufteilung: {words}</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>link panes by position, or not</source>
        <translation>Ansichten nach Position verknüpfen, oder nicht</translation>
    </message>
    <message>
        <source>link the slices in view, or go by position again</source>
        <translation>gezeigte Schichten verknüpfen, oder wieder nach Position gehen</translation>
    </message>
    <message>
        <source>list of measurements</source>
        <translation>Liste der Messungen</translation>
    </message>
    <message>
        <source>magnified {factor} times</source>
        <translation>{factor}-fach vergrößert</translation>
    </message>
    <message>
        <source>magnifier under the mouse</source>
        <translation>Lupe unter der Maus</translation>
    </message>
    <message>
        <source>max</source>
        <translation>max</translation>
    </message>
    <message>
        <source>maximum</source>
        <translation>Maximum</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>midline shift</source>
        <translation>Mittellinienverlagerung</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min</translation>
    </message>
    <message>
        <source>minimum</source>
        <translation>Minimum</translation>
    </message>
    <message>
        <source>more has arrived since this result, and is not analyzed yet</source>
        <translation>seit diesem Ergebnis ist mehr eingetroffen und noch nicht analysiert</translation>
    </message>
    <message>
        <source>most suspicious slice</source>
        <translation>verdächtigste Schicht</translation>
    </message>
    <message>
        <source>move</source>
        <translation>verschieben</translation>
    </message>
    <message>
        <source>move a plane, turn planes</source>
        <translation>eine Ebene verschieben, Ebenen drehen</translation>
    </message>
    <message>
        <source>move the crosshair</source>
        <translation>das Fadenkreuz verschieben</translation>
    </message>
    <message>
        <source>move the image</source>
        <translation>das Bild verschieben</translation>
    </message>
    <message>
        <source>name or number</source>
        <translation>Name oder Nummer</translation>
    </message>
    <message>
        <source>name region</source>
        <translation>Region benennen</translation>
    </message>
    <message>
        <source>neither a reference nor a position</source>
        <translation>weder ein Verweis noch eine Position</translation>
    </message>
    <message>
        <source>next, previous flagged slice</source>
        <translation>nächste, vorherige markierte Schicht</translation>
    </message>
    <message>
        <source>next, previous key image</source>
        <translation>nächstes, vorheriges Schlüsselbild</translation>
    </message>
    <message>
        <source>next, previous pane</source>
        <translation>nächste, vorherige Ansicht</translation>
    </message>
    <message>
        <source>next, previous series</source>
        <translation>nächste, vorherige Serie</translation>
    </message>
    <message>
        <source>no DICOM object can be made of these results, because it could not reference the image</source>
        <translation>aus diesen Ergebnissen kann kein DICOM-Objekt erstellt werden, weil es nicht auf das Bild verweisen könnte</translation>
    </message>
    <message>
        <source>no date</source>
        <translation>kein Datum</translation>
    </message>
    <message>
        <source>no decoder is installed for the transfer syntax</source>
        <translation>für die Transfersyntax ist kein Decoder installiert</translation>
    </message>
    <message>
        <source>no encrypted connection can be made; does the server speak https at this port</source>
        <translation>es kommt keine verschlüsselte Verbindung zustande; spricht der Server auf diesem Port https</translation>
    </message>
    <message>
        <source>no flag</source>
        <translation>ohne Markierung</translation>
    </message>
    <message>
        <source>no frame of the map lies on a slice of this series</source>
        <translation>kein Frame der Karte liegt auf einer Schicht dieser Serie</translation>
    </message>
    <message>
        <source>no frame of the segmentation lies on a slice of this series</source>
        <translation>kein Frame der Segmentierung liegt auf einer Schicht dieser Serie</translation>
    </message>
    <message>
        <source>no frame says which segment it is of</source>
        <translation>kein Frame sagt, zu welchem Segment er gehört</translation>
    </message>
    <message>
        <source>no hemorrhage</source>
        <translation>keine Blutung</translation>
    </message>
    <message>
        <source>no modality</source>
        <translation>keine Modalität</translation>
    </message>
    <message>
        <source>no model: its findings are not judged</source>
        <translation>kein Modell: Ihre Befunde werden nicht beurteilt</translation>
    </message>
    <message>
        <source>no model: {what}</source>
        <translation>kein Modell: {what}</translation>
    </message>
    <message>
        <source>no object of the study came</source>
        <translation>es kam kein Objekt der Studie</translation>
    </message>
    <message>
        <source>no pixel of the image has its center inside</source>
        <translation>kein Pixel des Bildes hat seine Mitte darin</translation>
    </message>
    <message>
        <source>no pixel spacing: measured in pixels, as if they were square</source>
        <translation>kein Pixelabstand: in Pixeln gemessen, als wären sie quadratisch</translation>
    </message>
    <message>
        <source>no pixel spacing; distances are in pixels</source>
        <translation>kein Pixelabstand; Strecken sind in Pixeln</translation>
    </message>
    <message>
        <source>no position or orientation in space</source>
        <translation>keine Position oder Orientierung im Raum</translation>
    </message>
    <message>
        <source>no region grows from this pixel</source>
        <translation>von diesem Pixel wächst keine Region</translation>
    </message>
    <message>
        <source>no rescale slope and intercept; 1 and 0 assumed</source>
        <translation>kein Rescale Slope und Intercept; 1 und 0 angenommen</translation>
    </message>
    <message>
        <source>no slice at its place</source>
        <translation>keine Schicht an seiner Stelle</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>kein Wert</translation>
    </message>
    <message>
        <source>no window applies</source>
        <translation>kein Fenster anwendbar</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>none of the slices could be read</source>
        <translation>keine der Schichten konnte gelesen werden</translation>
    </message>
    <message>
        <source>not a DICOM data set</source>
        <translation>kein DICOM-Datensatz</translation>
    </message>
    <message>
        <source>not a DICOM file</source>
        <translation>keine DICOM-Datei</translation>
    </message>
    <message>
        <source>not all images of the study were received</source>
        <translation>nicht alle Bilder der Studie wurden empfangen</translation>
    </message>
    <message>
        <source>not analyzed</source>
        <translation>nicht analysiert</translation>
    </message>
    <message>
        <source>not analyzed yet</source>
        <translation>noch nicht analysiert</translation>
    </message>
    <message>
        <source>not analyzed: </source>
        <translation>nicht analysiert: </translation>
    </message>
    <message>
        <source>not analyzed: a derived or secondary image</source>
        <translation>nicht analysiert: ein abgeleitetes oder sekundäres Bild</translation>
    </message>
    <message>
        <source>not analyzed: a localizer</source>
        <translation>nicht analysiert: ein Topogramm (Localizer)</translation>
    </message>
    <message>
        <source>not analyzed: no brain inside a skull in this slice</source>
        <translation>nicht analysiert: kein Hirn innerhalb eines Schädels in dieser Schicht</translation>
    </message>
    <message>
        <source>not analyzed: no head found in the image</source>
        <translation>nicht analysiert: kein Kopf im Bild gefunden</translation>
    </message>
    <message>
        <source>not analyzed: not a CT image</source>
        <translation>nicht analysiert: kein CT-Bild</translation>
    </message>
    <message>
        <source>not analyzed: not all images of the study were received</source>
        <translation>nicht analysiert: Nicht alle Bilder der Studie wurden empfangen</translation>
    </message>
    <message>
        <source>not analyzed: not an axial slice</source>
        <translation>nicht analysiert: keine axiale Schicht</translation>
    </message>
    <message>
        <source>not analyzed: the analysis was cancelled</source>
        <translation>nicht analysiert: Die Analyse wurde abgebrochen</translation>
    </message>
    <message>
        <source>not in true size: the screen does not tell its own</source>
        <translation>nicht in wahrer Größe: Der Bildschirm nennt seine nicht</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation>noch nicht gemessen</translation>
    </message>
    <message>
        <source>not measured: a further model gave no value for the series</source>
        <translation>nicht gemessen: Ein weiteres Modell gab keinen Wert für die Serie</translation>
    </message>
    <message>
        <source>not measured: {why}</source>
        <translation>nicht gemessen: {why}</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>nothing can be stored in this folder</source>
        <translation>in diesem Ordner kann nichts gespeichert werden</translation>
    </message>
    <message>
        <source>nothing is known of this series</source>
        <translation>über diese Serie ist nichts bekannt</translation>
    </message>
    <message numerus="yes">
        <source>object</source>
        <comment>objects</comment>
        <translation>
            <numerusform>Objekt</numerusform>
            <numerusform>Objekte</numerusform>
        </translation>
    </message>
    <message>
        <source>of presentation states only grayscale softcopy ones are shown</source>
        <translation>von Presentation States werden nur Grayscale Softcopy gezeigt</translation>
    </message>
    <message>
        <source>of {slices}</source>
        <translation>von {slices}</translation>
    </message>
    <message>
        <source>on no slice</source>
        <translation>auf keiner Schicht</translation>
    </message>
    <message>
        <source>on {slab_words}</source>
        <translation>auf {slab_words}</translation>
    </message>
    <message>
        <source>one corner</source>
        <translation>eine Ecke</translation>
    </message>
    <message>
        <source>one corner of the rectangle around it</source>
        <translation>eine Ecke des Rechtecks darum</translation>
    </message>
    <message>
        <source>one end</source>
        <translation>ein Ende</translation>
    </message>
    <message>
        <source>one end of the long axis</source>
        <translation>ein Ende der langen Achse</translation>
    </message>
    <message>
        <source>one end of the short axis</source>
        <translation>ein Ende der kurzen Achse</translation>
    </message>
    <message>
        <source>one of its slices cannot be read</source>
        <translation>eine ihrer Schichten kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>one slice</source>
        <translation>eine Schicht</translation>
    </message>
    <message>
        <source>only [[window]] sections are known</source>
        <translation>nur Abschnitte [[window]] sind bekannt</translation>
    </message>
    <message>
        <source>only this pane, or all again</source>
        <translation>nur diese Ansicht, oder wieder alle</translation>
    </message>
    <message>
        <source>open a folder</source>
        <translation>einen Ordner öffnen</translation>
    </message>
    <message>
        <source>open a folder beside what is open</source>
        <translation>einen Ordner neben dem Geöffneten öffnen</translation>
    </message>
    <message>
        <source>open files or a ZIP</source>
        <translation>Dateien oder ein ZIP öffnen</translation>
    </message>
    <message>
        <source>open files or a ZIP beside what is open</source>
        <translation>Dateien oder ein ZIP neben dem Geöffneten öffnen</translation>
    </message>
    <message>
        <source>or drop a folder, files, a ZIP or a DICOMDIR here</source>
        <translation>oder einen Ordner, Dateien, ein ZIP oder ein DICOMDIR hier ablegen</translation>
    </message>
    <message>
        <source>other</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>our own certificate and key cannot be used</source>
        <translation>unser eigenes Zertifikat und der Schlüssel können nicht verwendet werden</translation>
    </message>
    <message>
        <source>outline regions that influenced the score, or not</source>
        <translation>Regionen umranden, die den Wert beeinflusst haben, oder nicht</translation>
    </message>
    <message>
        <source>outside what the model knows</source>
        <translation>außerhalb dessen, was das Modell kennt</translation>
    </message>
    <message>
        <source>over 75 % of the largest</source>
        <translation>über 75 % der größten</translation>
    </message>
    <message>
        <source>over the threshold: {types}</source>
        <translation>über dem Schwellenwert: {types}</translation>
    </message>
    <message>
        <source>over {most_corners:,}</source>
        <translation>über {most_corners:,}</translation>
    </message>
    <message>
        <source>page {number}</source>
        <translation>Seite {number}</translation>
    </message>
    <message>
        <source>paint region</source>
        <translation>Region malen</translation>
    </message>
    <message>
        <source>paint region in 3-D</source>
        <translation>Region in 3-D malen</translation>
    </message>
    <message>
        <source>painted on other pixels</source>
        <translation>auf anderen Pixeln gemalt</translation>
    </message>
    <message numerus="yes">
        <source>painted region</source>
        <comment>painted regions</comment>
        <translation>
            <numerusform>gemalte Region</numerusform>
            <numerusform>gemalte Regionen</numerusform>
        </translation>
    </message>
    <message>
        <source>partly analyzed</source>
        <translation>teilweise analysiert</translation>
    </message>
    <message>
        <source>partly on slices that are not open</source>
        <translation>teilweise auf Schichten, die nicht geöffnet sind</translation>
    </message>
    <message>
        <source>partly on slices that could not be read</source>
        <translation>teilweise auf Schichten, die nicht gelesen werden konnten</translation>
    </message>
    <message>
        <source>parts of the result lie on no slice and are not shown</source>
        <translation>Teile des Ergebnisses liegen auf keiner Schicht und werden nicht gezeigt</translation>
    </message>
    <message numerus="yes">
        <source>patient</source>
        <comment>patients</comment>
        <translation>
            <numerusform>Patient</numerusform>
            <numerusform>Patienten</numerusform>
        </translation>
    </message>
    <message>
        <source>patients&apos; data is kept in a folder, and this is a link or a file</source>
        <translation>Patientendaten werden in einem Ordner aufbewahrt, und dies ist eine Verknüpfung oder eine Datei</translation>
    </message>
    <message>
        <source>pause the analysis, or go on</source>
        <translation>die Analyse anhalten oder fortsetzen</translation>
    </message>
    <message numerus="yes">
        <source>pixel</source>
        <comment>pixels</comment>
        <translation>
            <numerusform>Pixel</numerusform>
            <numerusform>Pixel</numerusform>
        </translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>pixels without an image are left out</source>
        <translation>Pixel ohne Bild sind ausgelassen</translation>
    </message>
    <message numerus="yes">
        <source>plane</source>
        <comment>planes</comment>
        <translation>
            <numerusform>Ebene</numerusform>
            <numerusform>Ebenen</numerusform>
        </translation>
    </message>
    <message>
        <source>plane alone</source>
        <translation>Ebene allein</translation>
    </message>
    <message>
        <source>play slower, faster</source>
        <translation>langsamer, schneller abspielen</translation>
    </message>
    <message>
        <source>play through the slices, or stop</source>
        <translation>durch die Schichten abspielen, oder anhalten</translation>
    </message>
    <message>
        <source>pooled over the analyzed slices</source>
        <translation>über die analysierten Schichten zusammengefasst</translation>
    </message>
    <message>
        <source>position</source>
        <translation>Position</translation>
    </message>
    <message>
        <source>posterior</source>
        <translation>posterior</translation>
    </message>
    <message>
        <source>print a report</source>
        <translation>einen Bericht drucken</translation>
    </message>
    <message>
        <source>probe</source>
        <translation>Punktwert</translation>
    </message>
    <message numerus="yes">
        <source>problem</source>
        <comment>problems</comment>
        <translation>
            <numerusform>Problem</numerusform>
            <numerusform>Probleme</numerusform>
        </translation>
    </message>
    <message>
        <source>problems of the input</source>
        <translation>Probleme der Eingabe</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>eingereiht</translation>
    </message>
    <message>
        <source>quit</source>
        <translation>beenden</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>wird gelesen</translation>
    </message>
    <message>
        <source>rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>reformats: axial, coronal, sagittal</source>
        <translation>Reformationen: axial, koronal, sagittal</translation>
    </message>
    <message>
        <source>reformatted</source>
        <translation>reformatiert</translation>
    </message>
    <message>
        <source>reformatted, {projection} {thickness_mm:g} mm</source>
        <translation>reformatiert, {projection} {thickness_mm:g} mm</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message numerus="yes">
        <source>region</source>
        <comment>regions</comment>
        <translation>
            <numerusform>Region</numerusform>
            <numerusform>Regionen</numerusform>
        </translation>
    </message>
    <message>
        <source>remark</source>
        <translation>Hinweis</translation>
    </message>
    <message numerus="yes">
        <source>remark</source>
        <comment>remarks</comment>
        <translation>
            <numerusform>Hinweis</numerusform>
            <numerusform>Hinweise</numerusform>
        </translation>
    </message>
    <message>
        <source>report as PDF</source>
        <translation>Bericht als PDF</translation>
    </message>
    <message>
        <source>reset</source>
        <translation>zurücksetzen</translation>
    </message>
    <message>
        <source>results of this kind are not shown</source>
        <translation>Ergebnisse dieser Art werden nicht gezeigt</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>rotate right, left</source>
        <translation>nach rechts, links drehen</translation>
    </message>
    <message>
        <source>rotated by {degrees}°</source>
        <translation>um {degrees}° gedreht</translation>
    </message>
    <message numerus="yes">
        <source>row</source>
        <comment>rows</comment>
        <translation>
            <numerusform>Zeile</numerusform>
            <numerusform>Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>sagittal</translation>
    </message>
    <message>
        <source>save the picture as PNG</source>
        <translation>das Bild als PNG speichern</translation>
    </message>
    <message>
        <source>save the results as DICOM objects</source>
        <translation>die Ergebnisse als DICOM-Objekte speichern</translation>
    </message>
    <message>
        <source>save the series as pictures or as a film</source>
        <translation>die Serie als Bilder oder als Film speichern</translation>
    </message>
    <message>
        <source>send the results as DICOM objects</source>
        <translation>die Ergebnisse als DICOM-Objekte senden</translation>
    </message>
    <message>
        <source>sending</source>
        <translation>wird gesendet</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>gesendet</translation>
    </message>
    <message numerus="yes">
        <source>series</source>
        <comment>series</comment>
        <translation>
            <numerusform>Serie</numerusform>
            <numerusform>Serien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>series is</source>
        <comment>series are</comment>
        <translation>
            <numerusform>Serie ist</numerusform>
            <numerusform>Serien sind</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>series was</source>
        <comment>series were</comment>
        <translation>
            <numerusform>Serie war</numerusform>
            <numerusform>Serien waren</numerusform>
        </translation>
    </message>
    <message>
        <source>settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>several slices at one position</source>
        <translation>mehrere Schichten an einer Position</translation>
    </message>
    <message>
        <source>show a series in that pane</source>
        <translation>eine Serie in dieser Ansicht zeigen</translation>
    </message>
    <message>
        <source>shown</source>
        <translation>gezeigt</translation>
    </message>
    <message numerus="yes">
        <source>slice</source>
        <comment>slices</comment>
        <translation>
            <numerusform>Schicht</numerusform>
            <numerusform>Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>slice 0000</source>
        <translation>Schicht 0000</translation>
    </message>
    <message>
        <source>slice distances are uneven</source>
        <translation>die Schichtabstände sind ungleich</translation>
    </message>
    <message>
        <source>slice {index}</source>
        <translation>Schicht {index}</translation>
    </message>
    <message>
        <source>slice {index} ({position})</source>
        <translation>Schicht {index} ({position})</translation>
    </message>
    <message>
        <source>slices are in different frames of reference</source>
        <translation>Schichten liegen in verschiedenen Bezugssystemen (Frames of Reference)</translation>
    </message>
    <message>
        <source>slices are not in the order of their positions</source>
        <translation>die Schichten liegen nicht in der Reihenfolge ihrer Positionen</translation>
    </message>
    <message>
        <source>slices are not parallel</source>
        <translation>die Schichten sind nicht parallel</translation>
    </message>
    <message>
        <source>slices are not stacked along a line</source>
        <translation>die Schichten sind nicht entlang einer Linie gestapelt</translation>
    </message>
    <message>
        <source>slices are sorted by file name</source>
        <translation>die Schichten sind nach Dateinamen sortiert</translation>
    </message>
    <message>
        <source>slices are sorted by instance number</source>
        <translation>die Schichten sind nach Instanznummern sortiert</translation>
    </message>
    <message>
        <source>slices differ in pixel spacing</source>
        <translation>die Schichten haben verschiedene Pixelabstände</translation>
    </message>
    <message>
        <source>slices differ in pixel spacing or orientation</source>
        <translation>die Schichten haben verschiedene Pixelabstände oder Orientierungen</translation>
    </message>
    <message>
        <source>slices differ in rows and columns</source>
        <translation>die Schichten haben verschieden viele Zeilen und Spalten</translation>
    </message>
    <message>
        <source>slices seem to be missing</source>
        <translation>Schichten scheinen zu fehlen</translation>
    </message>
    <message>
        <source>slices were acquired with a tilted gantry</source>
        <translation>die Schichten wurden mit geneigter Gantry aufgenommen</translation>
    </message>
    <message>
        <source>smooth region</source>
        <translation>Region glätten</translation>
    </message>
    <message>
        <source>smooth region in 3-D</source>
        <translation>Region in 3-D glätten</translation>
    </message>
    <message>
        <source>some of its slices are not open</source>
        <translation>einige ihrer Schichten sind nicht geöffnet</translation>
    </message>
    <message>
        <source>sources of studies</source>
        <translation>Quellen von Studien</translation>
    </message>
    <message>
        <source>square pixels</source>
        <translation>Quadratpixel</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>step 1 of 3, one end of A, the largest diameter on the slice of the largest area</source>
        <translation>Schritt 1 von 3, ein Ende von A, größter Durchmesser auf der Schicht mit der größten Fläche</translation>
    </message>
    <message>
        <source>step 1 of 3, the other end of A</source>
        <translation>Schritt 1 von 3, das andere Ende von A</translation>
    </message>
    <message>
        <source>step 2 of 3, one end of B, at right angles to A</source>
        <translation>Schritt 2 von 3, ein Ende von B, im rechten Winkel zu A</translation>
    </message>
    <message>
        <source>step 2 of 3, the other end of B</source>
        <translation>Schritt 2 von 3, das andere Ende von B</translation>
    </message>
    <message>
        <source>stored values</source>
        <translation>gespeicherte Werte</translation>
    </message>
    <message numerus="yes">
        <source>study</source>
        <comment>studies</comment>
        <translation>
            <numerusform>Studie</numerusform>
            <numerusform>Studien</numerusform>
        </translation>
    </message>
    <message>
        <source>study from the worklist</source>
        <translation>Studie aus der Arbeitsliste</translation>
    </message>
    <message>
        <source>study from {name}</source>
        <translation>Studie von {name}</translation>
    </message>
    <message>
        <source>subarachnoid</source>
        <translation>subarachnoidal</translation>
    </message>
    <message>
        <source>subdural</source>
        <translation>subdural</translation>
    </message>
    <message>
        <source>such as 104 or 11112</source>
        <translation>etwa 104 oder 11112</translation>
    </message>
    <message>
        <source>such as CT</source>
        <translation>etwa CT</translation>
    </message>
    <message>
        <source>such as Doe^J*</source>
        <translation>etwa Doe^J*</translation>
    </message>
    <message>
        <source>such as PACS</source>
        <translation>etwa PACS</translation>
    </message>
    <message>
        <source>such as Research archive</source>
        <translation>etwa Forschungsarchiv</translation>
    </message>
    <message>
        <source>such as Studies on the server</source>
        <translation>etwa Studien auf dem Server</translation>
    </message>
    <message>
        <source>such floating-point pixels are not read</source>
        <translation>solche Pixel aus Gleitkommazahlen werden nicht gelesen</translation>
    </message>
    <message>
        <source>table</source>
        <translation>Tabelle</translation>
    </message>
    <message numerus="yes">
        <source>tag</source>
        <comment>tags</comment>
        <translation>
            <numerusform>Tag</numerusform>
            <numerusform>Tags</numerusform>
        </translation>
    </message>
    <message>
        <source>tags of the slice</source>
        <translation>Tags der Schicht</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>the DICOMDIR names a file that is not there</source>
        <translation>das DICOMDIR nennt eine Datei, die es nicht gibt</translation>
    </message>
    <message>
        <source>the Dask worker ended unexpectedly</source>
        <translation>der Dask-Worker endete unerwartet</translation>
    </message>
    <message>
        <source>the Dask workers ended unexpectedly, again and again</source>
        <translation>die Dask-Worker endeten unerwartet, immer wieder</translation>
    </message>
    <message>
        <source>the JPEG 2000 codestream ends without its end marker</source>
        <translation>der JPEG-2000-Codestream endet ohne seine Endmarke</translation>
    </message>
    <message>
        <source>the JPEG 2000 codestream has no header</source>
        <translation>der JPEG-2000-Codestream hat keinen Header</translation>
    </message>
    <message>
        <source>the JPEG 2000 codestream has tiles without size</source>
        <translation>der JPEG-2000-Codestream hat Kacheln ohne Größe</translation>
    </message>
    <message>
        <source>the JPEG data ends before the image is complete</source>
        <translation>die JPEG-Daten enden, bevor das Bild vollständig ist</translation>
    </message>
    <message>
        <source>the JPEG data goes on after the image is complete</source>
        <translation>die JPEG-Daten gehen weiter, nachdem das Bild vollständig ist</translation>
    </message>
    <message>
        <source>the JPEG frame header is cut short</source>
        <translation>der JPEG-Frame-Header ist abgeschnitten</translation>
    </message>
    <message>
        <source>the JPEG frame header names a component twice</source>
        <translation>der JPEG-Frame-Header nennt eine Komponente zweimal</translation>
    </message>
    <message>
        <source>the JPEG image has no frame header</source>
        <translation>das JPEG-Bild hat keinen Frame-Header</translation>
    </message>
    <message>
        <source>the JPEG image has no scan</source>
        <translation>das JPEG-Bild hat keinen Scan</translation>
    </message>
    <message>
        <source>the JPEG image has two frame headers</source>
        <translation>das JPEG-Bild hat zwei Frame-Header</translation>
    </message>
    <message>
        <source>the JPEG scan header is damaged</source>
        <translation>der JPEG-Scan-Header ist beschädigt</translation>
    </message>
    <message>
        <source>the JPEG scan names a component that the frame does not have</source>
        <translation>der JPEG-Scan nennt eine Komponente, die der Frame nicht hat</translation>
    </message>
    <message>
        <source>the LiteRT model cannot be loaded</source>
        <translation>das LiteRT-Modell kann nicht geladen werden</translation>
    </message>
    <message>
        <source>the LiteRT runtime cannot be loaded</source>
        <translation>die LiteRT-Laufzeitumgebung kann nicht geladen werden</translation>
    </message>
    <message>
        <source>the PDF could not be made</source>
        <translation>das PDF konnte nicht erstellt werden</translation>
    </message>
    <message>
        <source>the analysis has not ended; save the results afterwards</source>
        <translation>die Analyse ist nicht beendet; bitte die Ergebnisse danach speichern</translation>
    </message>
    <message>
        <source>the annotation was changed or deleted by another program in the meantime</source>
        <translation>die Anmerkung wurde inzwischen von einem anderen Programm geändert oder gelöscht</translation>
    </message>
    <message>
        <source>the annotation was not saved: the disk is full</source>
        <translation>die Anmerkung wurde nicht gespeichert: Der Datenträger ist voll</translation>
    </message>
    <message>
        <source>the annotations cannot be read</source>
        <translation>die Anmerkungen können nicht gelesen werden</translation>
    </message>
    <message>
        <source>the annotations were saved by a newer version of the program</source>
        <translation>die Anmerkungen wurden von einer neueren Version des Programms gespeichert</translation>
    </message>
    <message>
        <source>the answer ended in the middle</source>
        <translation>die Antwort endete mittendrin</translation>
    </message>
    <message>
        <source>the answer was about another series; it is not used</source>
        <translation>die Antwort war von einer anderen Serie; sie wird nicht verwendet</translation>
    </message>
    <message>
        <source>the anterior end of the falx</source>
        <translation>das vordere Ende der Falx</translation>
    </message>
    <message>
        <source>the archive could not be read</source>
        <translation>das Archiv konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>the archive member decompresses to too much</source>
        <translation>die Datei im Archiv wird entpackt zu groß</translation>
    </message>
    <message>
        <source>the archive member is not there</source>
        <translation>die Datei ist nicht im Archiv</translation>
    </message>
    <message>
        <source>the axes are not at right angles</source>
        <translation>die Achsen stehen nicht im rechten Winkel</translation>
    </message>
    <message>
        <source>the cache of studies is full of studies that are open; close some, or allow it more room</source>
        <translation>der Zwischenspeicher der Studien ist voll mit geöffneten Studien; schließen Sie einige oder geben Sie ihm mehr Platz</translation>
    </message>
    <message>
        <source>the certificates of whom to trust cannot be read</source>
        <translation>die Zertifikate, denen vertraut werden soll, können nicht gelesen werden</translation>
    </message>
    <message>
        <source>the changelog could not be read</source>
        <translation>das Änderungsprotokoll konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>the changelog tells of no version</source>
        <translation>das Änderungsprotokoll nennt keine Version</translation>
    </message>
    <message>
        <source>the character set cannot be understood</source>
        <translation>der Zeichensatz ist nicht verständlich</translation>
    </message>
    <message>
        <source>the color format is not supported</source>
        <translation>das Farbformat wird nicht unterstützt</translation>
    </message>
    <message>
        <source>the compressed frame is too small for its image</source>
        <translation>der komprimierte Frame ist zu klein für sein Bild</translation>
    </message>
    <message>
        <source>the data folder must be a full path</source>
        <translation>der Datenordner muss ein vollständiger Pfad sein</translation>
    </message>
    <message>
        <source>the data set holds too many elements</source>
        <translation>der Datensatz enthält zu viele Elemente</translation>
    </message>
    <message>
        <source>the data set is damaged</source>
        <translation>der Datensatz ist beschädigt</translation>
    </message>
    <message>
        <source>the decoder crashed on this file</source>
        <translation>der Decoder ist an dieser Datei abgestürzt</translation>
    </message>
    <message>
        <source>the deflated data set is too large</source>
        <translation>der gepackte Datensatz ist zu groß</translation>
    </message>
    <message>
        <source>the document is cut short</source>
        <translation>das Dokument ist abgeschnitten</translation>
    </message>
    <message>
        <source>the document is empty</source>
        <translation>das Dokument ist leer</translation>
    </message>
    <message>
        <source>the document is no PDF, although it says so</source>
        <translation>das Dokument ist kein PDF, obwohl es das sagt</translation>
    </message>
    <message>
        <source>the document is no table of text, although it says so</source>
        <translation>das Dokument ist keine Texttabelle, obwohl es das sagt</translation>
    </message>
    <message>
        <source>the document is too large</source>
        <translation>das Dokument ist zu groß</translation>
    </message>
    <message>
        <source>the engine has been closed</source>
        <translation>die Engine wurde geschlossen</translation>
    </message>
    <message>
        <source>the field of view does not hold the whole head</source>
        <translation>das Bildfeld enthält nicht den ganzen Kopf</translation>
    </message>
    <message>
        <source>the file cannot be compared</source>
        <translation>die Datei kann nicht verglichen werden</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>die Datei kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>the file cannot be written</source>
        <translation>die Datei kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>the file changed after it was listed</source>
        <translation>die Datei hat sich geändert, nachdem sie aufgelistet wurde</translation>
    </message>
    <message>
        <source>the file changed after it was measured; analyze again</source>
        <translation>die Datei hat sich nach der Messung geändert; bitte neu analysieren</translation>
    </message>
    <message>
        <source>the file changed while it was read</source>
        <translation>die Datei hat sich geändert, während sie gelesen wurde</translation>
    </message>
    <message>
        <source>the file could not be opened</source>
        <translation>die Datei konnte nicht geöffnet werden</translation>
    </message>
    <message>
        <source>the file could not be read</source>
        <translation>die Datei konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>the file ends inside an element</source>
        <translation>die Datei endet mitten in einem Element</translation>
    </message>
    <message>
        <source>the file ends inside the pixel data</source>
        <translation>die Datei endet mitten in den Pixeldaten</translation>
    </message>
    <message>
        <source>the file has changed; open it again</source>
        <translation>die Datei hat sich geändert; bitte neu öffnen</translation>
    </message>
    <message>
        <source>the file holds no document</source>
        <translation>die Datei enthält kein Dokument</translation>
    </message>
    <message>
        <source>the file holds no pixel data</source>
        <translation>die Datei enthält keine Pixeldaten</translation>
    </message>
    <message>
        <source>the file holds something that is no annotation</source>
        <translation>die Datei enthält etwas, das keine Anmerkung ist</translation>
    </message>
    <message>
        <source>the file is not the one that was listed; open it again</source>
        <translation>die Datei ist nicht die, die aufgelistet wurde; bitte neu öffnen</translation>
    </message>
    <message>
        <source>the file is not the one that was opened; open it again</source>
        <translation>die Datei ist nicht die, die geöffnet wurde; bitte neu öffnen</translation>
    </message>
    <message>
        <source>the file is not what was stored</source>
        <translation>die Datei ist nicht, was gespeichert wurde</translation>
    </message>
    <message>
        <source>the file is protected against writing</source>
        <translation>die Datei ist schreibgeschützt</translation>
    </message>
    <message>
        <source>the file meta information is incomplete</source>
        <translation>die File Meta Information ist unvollständig</translation>
    </message>
    <message>
        <source>the file of annotations cannot be opened</source>
        <translation>die Datei der Anmerkungen kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>the file of annotations cannot be read or written</source>
        <translation>die Datei der Anmerkungen kann nicht gelesen oder geschrieben werden</translation>
    </message>
    <message>
        <source>the file of annotations is damaged; start the program again to set it aside</source>
        <translation>die Datei der Anmerkungen ist beschädigt; beim nächsten Start des Programms wird sie beiseitegelegt</translation>
    </message>
    <message>
        <source>the file of annotations is gone</source>
        <translation>die Datei der Anmerkungen ist verschwunden</translation>
    </message>
    <message>
        <source>the files do not tell where all slices lie, or not as one stack</source>
        <translation>die Dateien sagen nicht, wo alle Schichten liegen, oder nicht als ein Stapel</translation>
    </message>
    <message>
        <source>the files tell no pixel spacing</source>
        <translation>die Dateien nennen keinen Pixelabstand</translation>
    </message>
    <message>
        <source>the film is too large; choose fewer slices or a folder of pictures</source>
        <translation>der Film ist zu groß; bitte weniger Schichten oder einen Ordner mit Bildern wählen</translation>
    </message>
    <message>
        <source>the findings are of other slices; analyze again</source>
        <translation>die Befunde sind von anderen Schichten; bitte neu analysieren</translation>
    </message>
    <message>
        <source>the folder cannot be made</source>
        <translation>der Ordner kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>the folder cannot be used</source>
        <translation>der Ordner kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>the folder for DICOM objects cannot be made</source>
        <translation>der Ordner für DICOM-Objekte kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>the fragments of the pixel data are damaged</source>
        <translation>die Fragmente der Pixeldaten sind beschädigt</translation>
    </message>
    <message>
        <source>the frame is cut short</source>
        <translation>der Frame ist abgeschnitten</translation>
    </message>
    <message>
        <source>the frames have no size</source>
        <translation>die Frames haben keine Größe</translation>
    </message>
    <message>
        <source>the header has too many elements</source>
        <translation>der Header hat zu viele Elemente</translation>
    </message>
    <message>
        <source>the header is too large</source>
        <translation>der Header ist zu groß</translation>
    </message>
    <message>
        <source>the image does not tell right from left along the shift</source>
        <translation>das Bild unterscheidet entlang der Verlagerung rechts nicht von links</translation>
    </message>
    <message>
        <source>the image has another size</source>
        <translation>das Bild hat eine andere Größe</translation>
    </message>
    <message>
        <source>the image has more frames than can be listed</source>
        <translation>das Bild hat mehr Frames, als aufgelistet werden können</translation>
    </message>
    <message>
        <source>the image has no size</source>
        <translation>das Bild hat keine Größe</translation>
    </message>
    <message>
        <source>the image is noisier than what the model was trained on</source>
        <translation>das Bild rauscht mehr, als das Modell vom Training kennt</translation>
    </message>
    <message>
        <source>the image was compressed with loss; fine detail is altered</source>
        <translation>das Bild wurde verlustbehaftet komprimiert; feine Einzelheiten sind verändert</translation>
    </message>
    <message>
        <source>the images are in color, not in HU</source>
        <translation>die Bilder sind farbig, nicht in HU</translation>
    </message>
    <message>
        <source>the keys of &quot;{name}&quot; are set in {keys_set_in}</source>
        <translation>die Tasten von „{name}“ sind festgelegt in: {keys_set_in}</translation>
    </message>
    <message>
        <source>the kind of the segmentation is not known</source>
        <translation>die Art der Segmentierung ist nicht bekannt</translation>
    </message>
    <message>
        <source>the largest</source>
        <translation>die größte</translation>
    </message>
    <message>
        <source>the line broke</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>the machine cannot be reached: no connection in time</source>
        <translation>der Rechner ist nicht erreichbar: keine Verbindung in der Zeit</translation>
    </message>
    <message>
        <source>the machine refuses the connection: nothing listens at this port</source>
        <translation>der Rechner lehnt die Verbindung ab: Auf diesem Port lauscht nichts</translation>
    </message>
    <message>
        <source>the map holds no pixels</source>
        <translation>die Karte enthält keine Pixel</translation>
    </message>
    <message>
        <source>the model cannot be opened</source>
        <translation>das Modell kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>the model could not be opened</source>
        <translation>das Modell konnte nicht geöffnet werden</translation>
    </message>
    <message>
        <source>the model could not be run</source>
        <translation>das Modell konnte nicht ausgeführt werden</translation>
    </message>
    <message>
        <source>the model does not say</source>
        <translation>das Modell sagt es nicht</translation>
    </message>
    <message>
        <source>the model gave a value that is no number</source>
        <translation>das Modell gab einen Wert, der keine Zahl ist</translation>
    </message>
    <message>
        <source>the model has no LiteRT form; use the keras engine</source>
        <translation>das Modell hat keine LiteRT-Form; bitte die Engine keras verwenden</translation>
    </message>
    <message>
        <source>the model&apos;s metadata cannot be read</source>
        <translation>die Metadaten des Modells können nicht gelesen werden</translation>
    </message>
    <message>
        <source>the model&apos;s metadata is malformed</source>
        <translation>die Metadaten des Modells sind fehlerhaft</translation>
    </message>
    <message>
        <source>the node accepts none of the services that were asked for</source>
        <translation>der Knoten nimmt keinen der verlangten Dienste an</translation>
    </message>
    <message>
        <source>the node closed the connection instead of answering</source>
        <translation>der Knoten schloss die Verbindung, statt zu antworten</translation>
    </message>
    <message>
        <source>the node did not accept an association</source>
        <translation>der Knoten nahm keine Association an</translation>
    </message>
    <message>
        <source>the node did not answer</source>
        <translation>der Knoten antwortete nicht</translation>
    </message>
    <message>
        <source>the node has no such images</source>
        <translation>der Knoten hat keine solchen Bilder</translation>
    </message>
    <message>
        <source>the node must know it by our AE title</source>
        <translation>der Knoten muss ihn unter unserem AE-Titel kennen</translation>
    </message>
    <message>
        <source>the node refuses C-ECHO</source>
        <translation>der Knoten lehnt C-ECHO ab</translation>
    </message>
    <message>
        <source>the node refuses the search</source>
        <translation>der Knoten lehnt die Suche ab</translation>
    </message>
    <message>
        <source>the node refuses to send the images</source>
        <translation>der Knoten lehnt es ab, die Bilder zu senden</translation>
    </message>
    <message>
        <source>the node rejects us</source>
        <translation>der Knoten weist uns ab</translation>
    </message>
    <message>
        <source>the node&apos;s answer to a search cannot be read</source>
        <translation>die Antwort des Knotens auf eine Suche kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>the object cannot be read</source>
        <translation>das Objekt kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>the object lacks one of its UIDs</source>
        <translation>dem Objekt fehlt eine seiner UIDs</translation>
    </message>
    <message>
        <source>the opposite corner</source>
        <translation>die gegenüberliegende Ecke</translation>
    </message>
    <message>
        <source>the other end</source>
        <translation>das andere Ende</translation>
    </message>
    <message>
        <source>the outbox</source>
        <translation>der Postausgang</translation>
    </message>
    <message>
        <source>the outbox cannot be changed: the disk is full</source>
        <translation>der Postausgang kann nicht geändert werden: Der Datenträger ist voll</translation>
    </message>
    <message>
        <source>the outbox cannot be changed: the file or its folder is read-only</source>
        <translation>der Postausgang kann nicht geändert werden: Die Datei oder ihr Ordner ist schreibgeschützt</translation>
    </message>
    <message>
        <source>the outbox cannot be used</source>
        <translation>der Postausgang kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>the outbox is damaged; start the program again to set it aside</source>
        <translation>der Postausgang ist beschädigt; beim nächsten Start des Programms wird er beiseitegelegt</translation>
    </message>
    <message>
        <source>the outbox was written by a newer version of the program</source>
        <translation>der Postausgang wurde von einer neueren Version des Programms geschrieben</translation>
    </message>
    <message>
        <source>the outline crosses itself: its area is that of the pixels counted</source>
        <translation>der Umriss kreuzt sich selbst: Seine Fläche ist die der gezählten Pixel</translation>
    </message>
    <message>
        <source>the outlines have too many corners to be drawn</source>
        <translation>die Umrisse haben zu viele Ecken, um gezeichnet zu werden</translation>
    </message>
    <message>
        <source>the painted region cannot be saved: its slices do not say where in the patient they lie</source>
        <translation>die gemalte Region kann nicht gespeichert werden: Ihre Schichten sagen nicht, wo im Patienten sie liegen</translation>
    </message>
    <message>
        <source>the painted region does not fit the slices</source>
        <translation>die gemalte Region passt nicht zu den Schichten</translation>
    </message>
    <message>
        <source>the painted region is of another series</source>
        <translation>die gemalte Region ist von einer anderen Serie</translation>
    </message>
    <message>
        <source>the patient&apos;s earlier study beside this one</source>
        <translation>die frühere Studie des Patienten neben dieser</translation>
    </message>
    <message>
        <source>the picture could not be made</source>
        <translation>das Bild konnte nicht erstellt werden</translation>
    </message>
    <message>
        <source>the pictures are too large for a film; choose a folder of pictures</source>
        <translation>die Bilder sind zu groß für einen Film; bitte einen Ordner mit Bildern wählen</translation>
    </message>
    <message>
        <source>the pictures are too large together; choose fewer slices</source>
        <translation>die Bilder sind zusammen zu groß; bitte weniger Schichten wählen</translation>
    </message>
    <message>
        <source>the pixel</source>
        <translation>das Pixel</translation>
    </message>
    <message>
        <source>the pixel data could not be decoded</source>
        <translation>die Pixeldaten konnten nicht dekodiert werden</translation>
    </message>
    <message>
        <source>the pixel data is cut short; missing rows are blank</source>
        <translation>die Pixeldaten sind abgeschnitten; fehlende Zeilen sind leer</translation>
    </message>
    <message>
        <source>the pixel data is missing</source>
        <translation>die Pixeldaten fehlen</translation>
    </message>
    <message>
        <source>the pixel format is not supported</source>
        <translation>das Pixelformat wird nicht unterstützt</translation>
    </message>
    <message>
        <source>the pixel spacing is an estimate, and so are lengths and areas</source>
        <translation>der Pixelabstand ist geschätzt, und damit auch Längen und Flächen</translation>
    </message>
    <message>
        <source>the pixels are not those that were analyzed</source>
        <translation>die Pixel sind nicht die, die analysiert wurden</translation>
    </message>
    <message>
        <source>the pixels are not what they were a moment ago</source>
        <translation>die Pixel sind nicht mehr, was sie eben waren</translation>
    </message>
    <message>
        <source>the points do not lie in this slice: nothing is measured</source>
        <translation>die Punkte liegen nicht in dieser Schicht: Nichts wird gemessen</translation>
    </message>
    <message>
        <source>the presentation state is about no image</source>
        <translation>der Presentation State handelt von keinem Bild</translation>
    </message>
    <message>
        <source>the presentation state is about no slice of this series</source>
        <translation>der Presentation State handelt von keiner Schicht dieser Serie</translation>
    </message>
    <message>
        <source>the proxy that the system names cannot be used</source>
        <translation>der Proxy, den das System nennt, kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>the receiver cannot listen</source>
        <translation>der Empfänger kann nicht lauschen</translation>
    </message>
    <message>
        <source>the region cannot be smoothed</source>
        <translation>die Region kann nicht geglättet werden</translation>
    </message>
    <message>
        <source>the region has another size than its slice</source>
        <translation>die Region hat eine andere Größe als ihre Schicht</translation>
    </message>
    <message>
        <source>the region is {why}</source>
        <translation>Region {why}</translation>
    </message>
    <message>
        <source>the region was changed or deleted by another program in the meantime</source>
        <translation>die Region wurde inzwischen von einem anderen Programm geändert oder gelöscht</translation>
    </message>
    <message>
        <source>the region was painted on other pixels of a slice</source>
        <translation>die Region wurde auf anderen Pixeln einer Schicht gemalt</translation>
    </message>
    <message>
        <source>the report could not be printed</source>
        <translation>der Bericht konnte nicht gedruckt werden</translation>
    </message>
    <message>
        <source>the report has no content</source>
        <translation>der Bericht hat keinen Inhalt</translation>
    </message>
    <message>
        <source>the report is no PDF</source>
        <translation>der Bericht ist kein PDF</translation>
    </message>
    <message>
        <source>the result holds what cannot be shown here</source>
        <translation>das Ergebnis enthält, was hier nicht gezeigt werden kann</translation>
    </message>
    <message>
        <source>the retrieval was cancelled</source>
        <translation>das Holen wurde abgebrochen</translation>
    </message>
    <message>
        <source>the same image is there more than once; one is used</source>
        <translation>dasselbe Bild ist mehr als einmal da; eines wird verwendet</translation>
    </message>
    <message>
        <source>the scale in mm was estimated from the width of the head</source>
        <translation>der Maßstab in mm wurde aus der Breite des Kopfes geschätzt</translation>
    </message>
    <message>
        <source>the second axis is longer than the first</source>
        <translation>die zweite Achse ist länger als die erste</translation>
    </message>
    <message>
        <source>the segmentation does not say which value stands for 1</source>
        <translation>die Segmentierung sagt nicht, welcher Wert für 1 steht</translation>
    </message>
    <message>
        <source>the segmentation has too many segments</source>
        <translation>die Segmentierung hat zu viele Segmente</translation>
    </message>
    <message>
        <source>the segmentation holds no pixels</source>
        <translation>die Segmentierung enthält keine Pixel</translation>
    </message>
    <message>
        <source>the segments of a slice take too much memory</source>
        <translation>die Segmente einer Schicht brauchen zu viel Speicher</translation>
    </message>
    <message>
        <source>the selection marks no images</source>
        <translation>die Auswahl kennzeichnet keine Bilder</translation>
    </message>
    <message>
        <source>the selection marks no slice of this study</source>
        <translation>die Auswahl kennzeichnet keine Schicht dieser Studie</translation>
    </message>
    <message>
        <source>the septum pellucidum</source>
        <translation>das Septum pellucidum</translation>
    </message>
    <message>
        <source>the series has a single slice</source>
        <translation>die Serie hat nur eine Schicht</translation>
    </message>
    <message>
        <source>the series holds images of different shape and was split</source>
        <translation>die Serie enthält Bilder verschiedener Form und wurde geteilt</translation>
    </message>
    <message>
        <source>the series holds several acquisitions or reconstructions and was split</source>
        <translation>die Serie enthält mehrere Aufnahmen oder Rekonstruktionen und wurde geteilt</translation>
    </message>
    <message>
        <source>the series holds slices of several patients and was split</source>
        <translation>die Serie enthält Schichten mehrerer Patienten und wurde geteilt</translation>
    </message>
    <message>
        <source>the server does not answer in time</source>
        <translation>der Server antwortet nicht in der Zeit</translation>
    </message>
    <message>
        <source>the server does not say where its objects begin and end (no boundary)</source>
        <translation>der Server sagt nicht, wo seine Objekte beginnen und enden (keine Boundary)</translation>
    </message>
    <message>
        <source>the server has no study of this UID</source>
        <translation>der Server hat keine Studie mit dieser UID</translation>
    </message>
    <message>
        <source>the server sends too slowly to ever end</source>
        <translation>der Server sendet zu langsam, um je fertig zu werden</translation>
    </message>
    <message>
        <source>the server sent an object of another study or series than was asked for; it is not used</source>
        <translation>der Server sendete ein Objekt einer anderen Studie oder Serie als verlangt; es wird nicht verwendet</translation>
    </message>
    <message>
        <source>the server wants a certificate of ours; give one and its key in the settings of this source</source>
        <translation>der Server will ein Zertifikat von uns; geben Sie eines und seinen Schlüssel in den Einstellungen dieser Quelle an</translation>
    </message>
    <message>
        <source>the server&apos;s answer is no list of studies or series</source>
        <translation>die Antwort des Servers ist keine Liste von Studien oder Serien</translation>
    </message>
    <message>
        <source>the server&apos;s answer makes no sense, perhaps it does not speak DICOMweb</source>
        <translation>die Antwort des Servers ergibt keinen Sinn, vielleicht spricht er kein DICOMweb</translation>
    </message>
    <message>
        <source>the server&apos;s certificate is not trusted; give the certificate of the authority that issued it in the settings of this source</source>
        <translation>dem Zertifikat des Servers wird nicht vertraut; geben Sie das Zertifikat der ausstellenden Stelle in den Einstellungen dieser Quelle an</translation>
    </message>
    <message>
        <source>the settings</source>
        <translation>den Einstellungen</translation>
    </message>
    <message>
        <source>the slice does not hold the pixels any more that were on screen</source>
        <translation>die Schicht enthält nicht mehr die Pixel, die auf dem Bildschirm waren</translation>
    </message>
    <message>
        <source>the slice thickness is outside what the model was trained on</source>
        <translation>die Schichtdicke liegt außerhalb dessen, woran das Modell trainiert wurde</translation>
    </message>
    <message>
        <source>the source was not stored</source>
        <translation>die Quelle wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>the sources cannot be used</source>
        <translation>die Quellen können nicht verwendet werden</translation>
    </message>
    <message>
        <source>the study cannot be cached</source>
        <translation>die Studie kann nicht zwischengespeichert werden</translation>
    </message>
    <message>
        <source>the study is still being received; save the results afterwards</source>
        <translation>die Studie wird noch empfangen; danach die Ergebnisse speichern</translation>
    </message>
    <message>
        <source>the tags could not be read</source>
        <translation>die Tags konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>the tail</source>
        <translation>das hintere Ende</translation>
    </message>
    <message>
        <source>the tip</source>
        <translation>die Spitze</translation>
    </message>
    <message>
        <source>the transfer syntax does not fit the pixel data</source>
        <translation>die Transfersyntax passt nicht zu den Pixeldaten</translation>
    </message>
    <message>
        <source>the transfer syntax is not known</source>
        <translation>die Transfersyntax ist nicht bekannt</translation>
    </message>
    <message>
        <source>the transfer syntax is not supported</source>
        <translation>die Transfersyntax wird nicht unterstützt</translation>
    </message>
    <message>
        <source>the vertex</source>
        <translation>der Scheitel</translation>
    </message>
    <message>
        <source>the volume needs too much memory: {words}, and at most half of that is taken</source>
        <translation>das Volumen braucht zu viel Speicher: {words}, und höchstens die Hälfte davon wird genommen</translation>
    </message>
    <message>
        <source>the whole image, its actual size</source>
        <translation>das ganze Bild, seine Originalgröße</translation>
    </message>
    <message>
        <source>the worker was told to stop</source>
        <translation>der Worker wurde angehalten</translation>
    </message>
    <message>
        <source>the worklist of a node</source>
        <translation>die Arbeitsliste eines Knotens</translation>
    </message>
    <message>
        <source>there are no results of this series</source>
        <translation>es gibt keine Ergebnisse dieser Serie</translation>
    </message>
    <message>
        <source>there are such pictures already; choose another folder</source>
        <translation>es gibt schon solche Bilder; bitte einen anderen Ordner wählen</translation>
    </message>
    <message>
        <source>there is no DICOM image here</source>
        <translation>hier ist kein DICOM-Bild</translation>
    </message>
    <message>
        <source>there is no machine of this name</source>
        <translation>es gibt keinen Rechner dieses Namens</translation>
    </message>
    <message>
        <source>there is no model, so nothing was analyzed</source>
        <translation>es gibt kein Modell, also wurde nichts analysiert</translation>
    </message>
    <message>
        <source>there is no picture</source>
        <translation>es gibt kein Bild</translation>
    </message>
    <message>
        <source>there is no picture: no slice is on screen</source>
        <translation>es gibt kein Bild: Auf dem Bildschirm ist keine Schicht</translation>
    </message>
    <message>
        <source>there is no report to put into a DICOM object; the window makes it</source>
        <translation>es gibt keinen Bericht für ein DICOM-Objekt; ihn erstellt das Programmfenster</translation>
    </message>
    <message>
        <source>there is no room to open the study</source>
        <translation>es ist kein Platz, um die Studie zu öffnen</translation>
    </message>
    <message>
        <source>there is not enough memory for this</source>
        <translation>dafür ist nicht genug Speicher da</translation>
    </message>
    <message>
        <source>they were stored by another version of ichviewer</source>
        <translation>sie wurden von einer anderen Version von ichviewer gespeichert</translation>
    </message>
    <message>
        <source>thinner, thicker slab</source>
        <translation>dünnerer, dickerer Slab</translation>
    </message>
    <message>
        <source>this cannot be used</source>
        <translation>das kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>this folder belongs to somebody else; nothing is kept in it</source>
        <translation>dieser Ordner gehört jemand anderem; darin wird nichts aufbewahrt</translation>
    </message>
    <message>
        <source>this help</source>
        <translation>diese Hilfe</translation>
    </message>
    <message>
        <source>this image alone, and everything again</source>
        <translation>dieses Bild allein, und wieder alles</translation>
    </message>
    <message>
        <source>this is a file, not a folder</source>
        <translation>das ist eine Datei, kein Ordner</translation>
    </message>
    <message>
        <source>this is a folder, not a file</source>
        <translation>das ist ein Ordner, keine Datei</translation>
    </message>
    <message>
        <source>this is no DICOM file</source>
        <translation>das ist keine DICOM-Datei</translation>
    </message>
    <message>
        <source>this is no DICOM object that could be sent</source>
        <translation>das ist kein DICOM-Objekt, das gesendet werden könnte</translation>
    </message>
    <message>
        <source>this is no encrypted file of the cache</source>
        <translation>dies ist keine verschlüsselte Datei des Zwischenspeichers</translation>
    </message>
    <message>
        <source>this is not a file of annotations that this program knows</source>
        <translation>das ist keine Datei mit Anmerkungen, die dieses Programm kennt</translation>
    </message>
    <message>
        <source>this is not valid TOML</source>
        <translation>das ist kein gültiges TOML</translation>
    </message>
    <message>
        <source>this is one of the files that were read or found; choose another name</source>
        <translation>das ist eine der gelesenen oder gefundenen Dateien; bitte einen anderen Namen wählen</translation>
    </message>
    <message>
        <source>this kind of segmentation cannot be shown: it has no masks</source>
        <translation>diese Art von Segmentierung kann nicht gezeigt werden: Sie hat keine Masken</translation>
    </message>
    <message>
        <source>this kind of segmentation cannot be shown: it is of a tiled slide</source>
        <translation>diese Art von Segmentierung kann nicht gezeigt werden: Sie ist von einem gekachelten Objektträger</translation>
    </message>
    <message>
        <source>this result is of another patient and is not shown here</source>
        <translation>dieses Ergebnis ist von einem anderen Patienten und wird hier nicht gezeigt</translation>
    </message>
    <message>
        <source>this result is of another study and is not shown here</source>
        <translation>dieses Ergebnis ist von einer anderen Studie und wird hier nicht gezeigt</translation>
    </message>
    <message>
        <source>this source cannot be asked over the network</source>
        <translation>diese Quelle kann nicht über das Netzwerk gefragt werden</translation>
    </message>
    <message>
        <source>those of the system</source>
        <translation>die des Systems</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>too large to be outlined here</source>
        <translation>zu groß, um hier umrandet zu werden</translation>
    </message>
    <message>
        <source>top</source>
        <translation>oben</translation>
    </message>
    <message>
        <source>true size, as the screen tells its own</source>
        <translation>wahre Größe, soweit der Bildschirm seine nennt</translation>
    </message>
    <message>
        <source>two outputs cannot go to one file</source>
        <translation>zwei Ausgaben können nicht in eine Datei gehen</translation>
    </message>
    <message>
        <source>two slices lie at one place</source>
        <translation>zwei Schichten liegen an einer Stelle</translation>
    </message>
    <message>
        <source>under</source>
        <translation>unter</translation>
    </message>
    <message>
        <source>under 25 % of the largest</source>
        <translation>unter 25 % der größten</translation>
    </message>
    <message>
        <source>undo, redo</source>
        <translation>rückgängig, wiederholen</translation>
    </message>
    <message>
        <source>unknown to the model</source>
        <translation>dem Modell unbekannt</translation>
    </message>
    <message>
        <source>varies</source>
        <translation>verschieden</translation>
    </message>
    <message>
        <source>version {version!r:.20}</source>
        <translation>Version {version!r:.20}</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartend</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message numerus="yes">
        <source>warning</source>
        <comment>warnings</comment>
        <translation>
            <numerusform>Warnung</numerusform>
            <numerusform>Warnungen</numerusform>
        </translation>
    </message>
    <message>
        <source>what arrives cannot be stored</source>
        <translation>was eintrifft, kann nicht gespeichert werden</translation>
    </message>
    <message>
        <source>what is stored of them is damaged</source>
        <translation>was von ihnen gespeichert ist, ist beschädigt</translation>
    </message>
    <message>
        <source>where the words stand</source>
        <translation>wo der Text steht</translation>
    </message>
    <message>
        <source>whole numbers were expected, the pixels are fractions</source>
        <translation>ganze Zahlen wurden erwartet, die Pixel sind Brüche</translation>
    </message>
    <message>
        <source>window from a region</source>
        <translation>Fenster aus einer Region</translation>
    </message>
    <message>
        <source>window in numbers</source>
        <translation>Fenster in Zahlen</translation>
    </message>
    <message>
        <source>window: across for width, up and down for center</source>
        <translation>Fenster: waagerecht die Breite, senkrecht die Lage</translation>
    </message>
    <message>
        <source>words on the image: all, without the patient, none</source>
        <translation>Text im Bild: alles, ohne Patient, nichts</translation>
    </message>
    <message>
        <source>written</source>
        <translation>geschrieben</translation>
    </message>
    <message>
        <source>z of the file&apos;s Image Position</source>
        <translation>z aus Image Position der Datei</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>zoomed to its displayed area</source>
        <translation>auf seinen Anzeigebereich gezoomt</translation>
    </message>
    <message>
        <source>{ae_title} at {host}:{port}{tls}</source>
        <translation>{ae_title} auf {host}:{port}{tls}</translation>
    </message>
    <message>
        <source>{age_years:.3g} years</source>
        <translation>{age_years:.3g} Jahre</translation>
    </message>
    <message>
        <source>{along} mm along the normal of the slices</source>
        <translation>{along} mm entlang der Normalen der Schichten</translation>
    </message>
    <message>
        <source>{analyzed} analyzed</source>
        <translation>{analyzed} analysiert</translation>
    </message>
    <message>
        <source>{clear:,} without a flag</source>
        <translation>{clear:,} ohne Markierung</translation>
    </message>
    <message>
        <source>{counted} copied.</source>
        <translation>{counted} kopiert.</translation>
    </message>
    <message>
        <source>{dicom_objects} put into the outbox for {destination}.</source>
        <translation>{dicom_objects} für {destination} in den Postausgang gegeben.</translation>
    </message>
    <message>
        <source>{distance_mm:+g} mm from A and B, in steps of {step_mm:g} mm: {here}. Counted: {counted}{mm}.</source>
        <translation>{distance_mm:+g} mm von A und B, in Schritten von {step_mm:g} mm: {here}. Gezählt: {counted}{mm}.</translation>
    </message>
    <message>
        <source>{done:,} objects</source>
        <translation>{done:,} Objekte</translation>
    </message>
    <message>
        <source>{done:,} of {images} received</source>
        <translation>{images}, davon {done:,} empfangen</translation>
    </message>
    <message>
        <source>{done:,} of {total:,} objects</source>
        <translation>{done:,} von {total:,} Objekten</translation>
    </message>
    <message>
        <source>{done} of {kinds}</source>
        <translation>{done} von {kinds}</translation>
    </message>
    <message>
        <source>{ends} to {ends_2}</source>
        <translation>{ends} bis {ends_2}</translation>
    </message>
    <message>
        <source>{failed:,} failed</source>
        <translation>{failed:,} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{flagged:,} flagged</source>
        <translation>{flagged:,} markiert</translation>
    </message>
    <message>
        <source>{hidden:,} hidden by the filter</source>
        <translation>{hidden:,} durch den Filter ausgeblendet</translation>
    </message>
    <message>
        <source>{images} received</source>
        <translation>{images} empfangen</translation>
    </message>
    <message>
        <source>{keras_sha256}… (SHA-256 of the .keras file)</source>
        <translation>{keras_sha256}… (SHA-256 der .keras-Datei)</translation>
    </message>
    <message>
        <source>{keys} lists all keys and what the mouse does.</source>
        <translation>{keys} zeigt alle Tasten und was die Maus tut.</translation>
    </message>
    <message>
        <source>{label} is left out on {slices} whose pixels have changed.</source>
        <translation>{label} ist auf {slices} ausgelassen, deren Pixel sich geändert haben.</translation>
    </message>
    <message>
        <source>{label} {p} in slice {index}{more}</source>
        <translation>{label} {p} in Schicht {index}{more}</translation>
    </message>
    <message>
        <source>{label} {p}, {where} its threshold {threshold}</source>
        <translation>{label} {p}, {where} dem Schwellenwert {threshold}</translation>
    </message>
    <message>
        <source>{letters} of the slab</source>
        <translation>{letters} des Slabs</translation>
    </message>
    <message>
        <source>{loopback}, this machine only</source>
        <translation>{loopback}, nur dieser Rechner</translation>
    </message>
    <message>
        <source>{marks:,} values</source>
        <translation>{marks:,} Werte</translation>
    </message>
    <message>
        <source>{mean:.1f} ({low:.0f} to {high:.0f}) {unit}</source>
        <translation>{mean:.1f} ({low:.0f} bis {high:.0f}) {unit}</translation>
    </message>
    <message>
        <source>{min} to {max}, {n_pixels}</source>
        <translation>{min} bis {max}, {n_pixels}</translation>
    </message>
    <message>
        <source>{ml:.1f} mL ({low_ml:.1f} to {high_ml:.1f})</source>
        <translation>{ml:.1f} mL ({low_ml:.1f} bis {high_ml:.1f})</translation>
    </message>
    <message>
        <source>{more}the panes show {shown} patients</source>
        <translation>{more}die Ansichten zeigen {shown} Patienten</translation>
    </message>
    <message>
        <source>{n:,} of {slices} was analyzed</source>
        <translation>{n:,} von {slices} wurde analysiert</translation>
    </message>
    <message>
        <source>{n:,} of {slices} were analyzed</source>
        <translation>{n:,} von {slices} wurden analysiert</translation>
    </message>
    <message>
        <source>{n_removed:,} removed.{left} Now </source>
        <translation>{n_removed:,} entfernt.{left} Jetzt </translation>
    </message>
    <message>
        <source>{name} is not measured and not shown: {why}.</source>
        <translation>{name} wird nicht gemessen und nicht gezeigt: {why}.</translation>
    </message>
    <message>
        <source>{name} is open already; nothing is opened twice.</source>
        <translation>{name} ist schon geöffnet; nichts wird zweimal geöffnet.</translation>
    </message>
    <message>
        <source>{name} was not opened. {error}</source>
        <translation>{name} wurde nicht geöffnet. {error}</translation>
    </message>
    <message>
        <source>{name} was not opened: it was cancelled.</source>
        <translation>{name} wurde nicht geöffnet: Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>{name} was not opened: {why}.</source>
        <translation>{name} wurde nicht geöffnet: {why}.</translation>
    </message>
    <message>
        <source>{name}, from the image</source>
        <translation>{name}, aus dem Bild</translation>
    </message>
    <message>
        <source>{name}, waiting to be analyzed</source>
        <translation>{name}, wartet auf die Analyse</translation>
    </message>
    <message>
        <source>{name}; again for the next one</source>
        <translation>{name}; noch einmal für das nächste</translation>
    </message>
    <message>
        <source>{needed} of {megabytes} free memory</source>
        <translation>{needed} von {megabytes} freiem Speicher</translation>
    </message>
    <message>
        <source>{not_analyzed:,} not analyzed</source>
        <translation>{not_analyzed:,} nicht analysiert</translation>
    </message>
    <message>
        <source>{number:,} of {slices} not analyzed</source>
        <translation>{number:,} von {slices} nicht analysiert</translation>
    </message>
    <message>
        <source>{numbers}.{listed} The CSV names the same problems in its column “note”.</source>
        <translation>{numbers}.{listed} Die CSV-Datei nennt dieselben Probleme in ihrer Spalte „note“.</translation>
    </message>
    <message>
        <source>{number} so far…</source>
        <translation>Bisher {number}…</translation>
    </message>
    <message>
        <source>{number}; the search was stopped.</source>
        <translation>{number}; die Suche wurde angehalten.</translation>
    </message>
    <message>
        <source>{objects} could not be sent: the outbox says why.</source>
        <translation>{objects} konnten nicht gesendet werden: Der Postausgang sagt, warum.</translation>
    </message>
    <message>
        <source>{objects} in the outbox from before; sending goes on.</source>
        <translation>{objects} von früher im Postausgang; das Senden geht weiter.</translation>
    </message>
    <message>
        <source>{open:,} to send{more}</source>
        <translation>{open:,} zu senden{more}</translation>
    </message>
    <message>
        <source>{other_pixels} drawn on other pixels</source>
        <translation>{other_pixels} auf anderen Pixeln gezeichnet</translation>
    </message>
    <message>
        <source>{other_series} drawn in another series</source>
        <translation>{other_series} in einer anderen Serie gezeichnet</translation>
    </message>
    <message>
        <source>{others} painted on other pixels</source>
        <translation>{others} auf anderen Pixeln gemalt</translation>
    </message>
    <message>
        <source>{pixels} on {slices}</source>
        <translation>{pixels} auf {slices}</translation>
    </message>
    <message>
        <source>{pixels}, not measured yet</source>
        <translation>{pixels}, noch nicht gemessen</translation>
    </message>
    <message>
        <source>{plane_name} reformat, {slab_words}</source>
        <translation>Reformation {plane_name}, {slab_words}</translation>
    </message>
    <message>
        <source>{received}, not analyzed</source>
        <translation>{received}, nicht analysiert</translation>
    </message>
    <message>
        <source>{received}; a series is analyzed when all of it has come</source>
        <translation>{received}; eine Serie wird analysiert, wenn sie ganz da ist</translation>
    </message>
    <message>
        <source>{received}; series that lack some are not analyzed</source>
        <translation>{received}; Serien, denen welche fehlen, sind nicht analysiert</translation>
    </message>
    <message>
        <source>{refusal}; what was dropped is neither.</source>
        <translation>{refusal}; was abgelegt wurde, ist keines von beiden.</translation>
    </message>
    <message>
        <source>{refused:,} refused</source>
        <translation>{refused:,} abgelehnt</translation>
    </message>
    <message>
        <source>{regions} hidden</source>
        <translation>{regions} ausgeblendet</translation>
    </message>
    <message>
        <source>{replace} is drawn on acquired slices, not on reformats.</source>
        <translation>{replace} wird auf aufgenommenen Schichten gezeichnet, nicht auf Reformationen.</translation>
    </message>
    <message>
        <source>{result_title} is not shown. {error}</source>
        <translation>{result_title} wird nicht gezeigt. {error}</translation>
    </message>
    <message>
        <source>{result_title}: on {slices} of this series.</source>
        <translation>{result_title}: auf {slices} dieser Serie.</translation>
    </message>
    <message>
        <source>{rows} written to {csv}{beside}.</source>
        <translation>{rows} geschrieben nach {csv}{beside}.</translation>
    </message>
    <message>
        <source>{said}; analyzing again failed: {text}</source>
        <translation>{said}; die erneute Analyse ist fehlgeschlagen: {text}</translation>
    </message>
    <message>
        <source>{seconds:,} days</source>
        <translation>{seconds:,} Tage</translation>
    </message>
    <message>
        <source>{seconds} min</source>
        <translation>{seconds} min</translation>
    </message>
    <message>
        <source>{section} reformat</source>
        <translation>Reformation {section}</translation>
    </message>
    <message>
        <source>{section}, straightened</source>
        <translation>{section}, ausgerichtet</translation>
    </message>
    <message>
        <source>{series:,} of {columns} x {rows} px</source>
        <translation>{series:,} mit {columns} x {rows} px</translation>
    </message>
    <message>
        <source>{shown:,} of {items}</source>
        <translation>{items}, gezeigt: {shown:,}</translation>
    </message>
    <message>
        <source>{slices} a second</source>
        <translation>{slices} pro Sekunde</translation>
    </message>
    <message>
        <source>{slices} analyzed, not judged without a model</source>
        <translation>{slices} analysiert, ohne Modell nicht beurteilt</translation>
    </message>
    <message>
        <source>{slices} analyzed, {flagged:,} flagged</source>
        <translation>{slices} analysiert, {flagged:,} markiert</translation>
    </message>
    <message>
        <source>{slices} could not be read and are left out</source>
        <translation>{slices} konnten nicht gelesen werden und sind ausgelassen</translation>
    </message>
    <message>
        <source>{slices} could not be read and is left out</source>
        <translation>{slices} konnte nicht gelesen werden und ist ausgelassen</translation>
    </message>
    <message>
        <source>{slices} flagged: {flagged}</source>
        <translation>{slices} markiert: {flagged}</translation>
    </message>
    <message>
        <source>{slices} flagged{highest}</source>
        <translation>{slices} markiert{highest}</translation>
    </message>
    <message>
        <source>{slices}, largest on {index}</source>
        <translation>{slices}, am größten auf {index}</translation>
    </message>
    <message>
        <source>{studies:,} studies not received whole</source>
        <translation>{studies:,} Studien nicht vollständig empfangen</translation>
    </message>
    <message>
        <source>{studies} newly flagged.</source>
        <translation>{studies} neu markiert.</translation>
    </message>
    <message>
        <source>{text}, {problems} times</source>
        <translation>{text}, {problems}-mal</translation>
    </message>
    <message>
        <source>{text}. Found: {found}</source>
        <translation>{text}. Gefunden: {found}</translation>
    </message>
    <message>
        <source>{thin:g} to {thick:g} mm</source>
        <translation>{thin:g} bis {thick:g} mm</translation>
    </message>
    <message>
        <source>{tip}; the letters at the edges follow</source>
        <translation>{tip}; die Buchstaben am Rand gehen mit</translation>
    </message>
    <message>
        <source>{value} belongs to &quot;{name}&quot;; &quot;{name_2}&quot; cannot have it too</source>
        <translation>{value} gehört zu „{name}“; „{name_2}“ kann die Taste nicht auch haben</translation>
    </message>
    <message>
        <source>{value} moves between the parts of the window; &quot;{name}&quot; cannot have it</source>
        <translation>{value} wechselt zwischen den Teilen des Programmfensters; „{name}“ kann die Taste nicht haben</translation>
    </message>
    <message>
        <source>{value} opens the menu &quot;{opened}&quot;; &quot;{name}&quot; cannot have it</source>
        <translation>{value} öffnet das Menü „{opened}“; „{name}“ kann die Taste nicht haben</translation>
    </message>
    <message>
        <source>{value} {voi_numbers} HU (center/width)</source>
        <translation>{value} {voi_numbers} HU (Lage/Breite)</translation>
    </message>
    <message>
        <source>{waiting:,} waiting</source>
        <translation>{waiting:,} wartend</translation>
    </message>
    <message>
        <source>{what} beside {opened}</source>
        <translation>{what} neben {opened}</translation>
    </message>
    <message>
        <source>{what} in place of {opened}</source>
        <translation>{what} an Stelle von {opened}</translation>
    </message>
    <message>
        <source>{what} written to {path}.{more}</source>
        <translation>{what} geschrieben nach {path}.{more}</translation>
    </message>
    <message>
        <source>{what} {mark}{ml:.1f} mL, {ml_2:.2f} times the volume</source>
        <translation>{what} {mark}{ml:.1f} mL, das {ml_2:.2f}-Fache des Volumens</translation>
    </message>
    <message>
        <source>{words} on the reformats</source>
        <translation>{words} auf den Reformationen</translation>
    </message>
    <message>
        <source>{words}, {failed:,} failed</source>
        <translation>{words}, {failed:,} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{} x {} px instead of {} x {}</source>
        <translation>{} x {} px statt {} x {}</translation>
    </message>
    <message>
        <source>≈ {words} (estimated)</source>
        <translation>≈ {words} (geschätzt)</translation>
    </message>
    <message>
        <source>≈ {words}, estimated</source>
        <translation>≈ {words}, geschätzt</translation>
    </message>
    <message>
        <source>≠ differs</source>
        <translation>≠ weicht ab</translation>
    </message>
</context>
</TS>
