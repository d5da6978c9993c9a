<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name></name>
    <message>
        <source> (failing)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (part {part})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Left, because open: {n_in_use:,}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Listed is what it held at {read_at:%H:%M:%S}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> Not all of it is shown: {left}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The analysis is not finished; export again afterwards.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> The analysis was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and {hidden:,} more are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> at {position_mm} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> at {position}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> of {patient_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> to </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> to the patient&apos;s {sides}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {files} could not be read: see {where}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {flagged} goes to the next flagged slice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {listed:,} of them listed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {number} came before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> {series_were} open already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&quot;{name}&quot; cannot have a key that Qt does not know</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About ichviewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;All slices, not only key objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bidirectional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Cancel analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close all studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find studies…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;First slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Freehand outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Invert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keyboard and mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Last slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Link here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Magnifier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Midline shift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Most suspicious slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Nearest acquired slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next flagged slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Only this pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Outbox…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous flagged slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Probe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Problems of the input…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reformats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Reset view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Select and move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Show regions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Slower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Sources…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Straighten</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tags…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Thicker slab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;This pane takes part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Three windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;What&apos;s new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Worklist…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Zoom and pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;{factor} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;center_hu&apos; and &apos;width_hu&apos; make no window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;key&apos; must lie within 1 to 9</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;name&apos; must not be empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&apos;source&apos; can only be &quot;file&quot;</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, TLS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, and how they came about to {name} beside it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, none differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, over its threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, threshold {threshold}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, turned by {angle_deg:.1f}°</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, up to {highest}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {differing:,} of them differ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {number:,} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>12-bit values had wrapped around and were repaired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>25 to 75 % of the largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; none of them is over a threshold. That does not rule hemorrhage out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; there may be more. Narrow the search, or let more be listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; {listed:,} listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; {n:,} are flagged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; {n:,} is flagged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; {series_are} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A certificate and its key are given both or neither.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A child&apos;s head: {found} (the model is meant for adults)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A column of the image as wide as a pixel of the screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A film as APNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A film as GIF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A film as WebP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder with a PNG a slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A large one and three small ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A lens under the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A lens under the mouse that enlarges {factor} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A list for research: it must not decide who is looked at first in patient care. NOT ANALYZED means that nothing is known. “Analyzed, nothing flagged” says that no probability reaches its threshold, and no more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A name has at most {longest_name} letters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A name has letters, at most {most_name} characters and five parts, and neither \ nor =.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A region still grows or is smoothed. Wait for it, or cancel it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A report could not be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A report of the series in view with key images, as PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A study is opened when all of it has come: a part of it could be taken for all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A window needs a name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AB&amp;C/2 volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ABC/2 as drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ABC/2 of these voxels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ABC/2 {volume}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ABC/2, step 3 of 3: C. Go through the slices, and say of each with hemorrhage how large its area is. Over 75 % of the largest area counts as one slice, 25 to 75 % as half a slice, less as none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>AE title of the node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About ichviewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accession</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accession {accession}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a window after the selected one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {words}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add, change and test sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Age then</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All DICOM tags of the slice in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An unexpected error; a report tells more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysis cancelled; {slices} analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyze &amp;again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyze everything again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyzed, no flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyzed: nothing over its threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyzing slice {done:,} of {total:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>And in the taskbar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>And with a sound</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations are not saved. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Annotations that were damaged earlier still lie at {names}. Delete them if they are not needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another language is used from the next start on. CSV files, DICOM results and the words in saved pictures are English in every language.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another study is being fetched; cancel it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer for this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any hemorrhage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any in the series, slices pooled: {whole}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance, windows, mouse, storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area and HU within a rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area and HU within an ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area and HU within an outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area {area}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arro&amp;w</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As seen, with words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the slice in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system shows it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the selected source for a sign of life</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask the source for a sign of life</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At exit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Axial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Axial, coronal and sagittal planes of the series, or its slices again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the acquired slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bidirectional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blue stripes: no image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Born</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brain, subdural and bone window of this slice side by side, or back to what was there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush radius</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By 90 degrees clockwise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By 90 degrees counterclockwise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By suspicion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C has to be counted again for the copy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C is still to be counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C-GET, and C-MOVE for the rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C-GET, over the same connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C-MOVE needs a port that the node sends to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C-MOVE needs a receiver to send to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C-MOVE, to our receiver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Captured screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Center in HU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificates to trust</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chan&amp;ge the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the selected source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking pixels of slice {checking} of {checking_2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose DICOM files or a ZIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder with DICOM files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose at least one kind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the data folder of a node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the data folder of a node, or the database file of its worklist.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the database file of a worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder for annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear this list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a command and press its new key. Esc leaves it as it is, Delete takes its keys away. Every change counts at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click into the hemorrhage: connected pixels within the range are added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on a reformat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click or drag in the strip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close all that was opened together with the study in the active pane, and leave all else as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close everything that is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close fo&amp;lder in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close folder: {name} ({studies})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close study in &amp;view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close study: {named}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the study in the active pane, and leave all others as they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Color image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with {other_title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect with TLS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast medium: {found} (the model was trained on scans without)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies go from one acquired slice to the next, not on reformats.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy every item that is listed, indented</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy every problem that is listed, one a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy every tag that is listed, one a line, with tabs between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy p&amp;icture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy picture &amp;with patient data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the selected tags  (Ctrl+C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy to the &amp;next slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what is selected to the next slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Count these slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut pixels: {found}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DICOM node</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>DICOM object</source>
        <comment>DICOM objects</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>DICOMweb server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not show this any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not show what is new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Double click on title or edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a line, its end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a rectangle over the region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a rectangle over the region that the window is to show; Esc gives up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a rectangle: the window goes around the median HU in it, as wide as their spread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a series from the list here, or click it while this pane is the active one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag from the list of studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag to change the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw the midline and the orbitomeatal line to straighten the head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw the midline and the orbitomeatal line to straighten the head, or stop that</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draw the stored results that were opened over the images, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawn {distance_mm:.1f} mm from this plane{turned}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop target</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop to open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop to open {items}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>EDH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each slice&apos;s own, of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter center and width in HU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate the volume of a hematoma from three diameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export findings of all {studies:,} open studies ({patients})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export measurements as &amp;JSON…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export measurements as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;iles…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed or not analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Family^Given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Farthest from the seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch and open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch the selected study and open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetched studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetched studies at exit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetched studies kept, in GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching (WADO-RS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching was cancelled. What arrived is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching {count} from {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field of view: {found} (the model was trained on whole heads)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill this page as in a new installation; it acts with Apply or OK</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by a word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings among the words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings are shown on the acquired slices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Findings of the slice and the series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First image: {came:%Y-%m-%d %H:%M:%S}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Five slices &amp;back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Five slices &amp;on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flagged slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip &amp;horizontally</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip &amp;vertically</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flip an&amp;d rotate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for annotations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder for the results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders, DICOM nodes and DICOMweb servers that studies come from and go to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the next answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the next bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget everything that was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget the selected objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget the selected source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Four</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Freehand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full s&amp;creen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to the model that comes with the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to slice {nearest_slice}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Head CT: suspected intracranial hemorrhage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help lists all keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide &amp;panels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide all words and findings on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the lists beside the image and the strip below it, or show them again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the words about patient and examination</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High sensitivity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest HU that grows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest probability {highest}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Highest slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold the analysis, or let it go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold the left button and erase: a disc on the slice in view, in 3-D a ball.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold the left button and paint: a disc on the slice in view, in 3-D a ball.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How it is opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How newly flagged studies are told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the list is sorted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ICH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IVH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image, pane {number} of {layout}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images are asked for by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images at start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In 3-D, through the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inverted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was made for axial head CT of adults without contrast medium. It cannot tell old blood from new, and a slice without a flag may hold blood.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its password or token: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ke&amp;y image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the distance between the slices in view, or go by their positions again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept for the next time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keras models with a model.json beside them (*.keras)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key images show a few slices through one window, not the whole series.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key objects: {slices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of our certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys of commands that are not there are not used: {unknown}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left click or drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left empty, annotations go to the system&apos;s usual place. Another folder is used from the next start on; moving it moves no files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left for right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licenses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lin&amp;ks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link the active pane with the others, or let it stand alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linked at {value}{apart} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linked panes have the same window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linked panes have the same zoom and pan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Linked panes show the same place of the patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List all series again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List only studies that say all of these words in any column</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List only studies with these words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List the measurements of this series, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List what was opened under Open recent; off: nothing is stored, and the list is cleared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List with &amp;values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logging in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lookup table of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lowest HU that grows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Luminance {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M&amp;aximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>M&amp;ean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the image larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the image smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making DICOM objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark them here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mark this slice as a key image, or not any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked as a key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean {mean}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean {mean}, SD {sd}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure a distance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure an angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure how far the septum pellucidum lies from the line between the ends of the falx</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure two diameters at right angles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measurements on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Midline shift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minim&amp;um</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model in {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the selected window down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the selected window up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NEW · {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NOT ANALYZED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Networ&amp;k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Newly flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next &amp;series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next flagged slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next try</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No analyzed slice is over a threshold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No annotations on this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No earlier study of this patient is open that fits this series.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No hemorrhage here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No image here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No mL: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model, so nothing is analyzed. {failure}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model: slices are not analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No object was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No patient ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No patient name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No pictures were written: it was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No reformats of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No region can be kept here: {refused}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No regions painted on this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No results were written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No results were written: it was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No series failed{more}.{files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No series is flagged{more}{to_come}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No series open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No series was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice is analyzed yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice is flagged so far; the analysis is still running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice of this series has been analyzed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice of this series is flagged. That does not rule out a hemorrhage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice of this series is marked as a key image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice was analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice was analyzed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No slice was left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sources yet: add one under Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No window from this region: fewer than nine pixels of the image lie in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No worklist chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise: {found} (more than the model was trained on)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None of {slices} was analyzed. That says nothing about hemorrhage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None so far.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not all results were put into the outbox.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not among them, because they could not be read: {missing}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not analyzed does not mean negative.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not analyzed: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not judged: no model is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not listed because of the filter: {hidden}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured: its pixels are not at hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not remembered, and forgotten</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: {unsaved}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not shown, because they could not be read: {which}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be drawn here yet: the picture of this plane is still being computed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be drawn here: these pixels are not read yet, or have no name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be painted here: these pixels are not read yet, or have no name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing grows from here: {found}, not within {low_hu} to {high_hu} HU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is drawn, so there is nothing to export.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is remembered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is sent to any of them before you test, search, fetch or send. What waits in the outbox was put there by you, and is tried until it is delivered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing opened yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing selected: the next stroke begins a region.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to write as {nothing}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was copied. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was repaired, doubted or left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was repaired, doubted, or found outside what the model knows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OK</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objects in the outbox</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Oblique</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Oblique, from {section}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On&amp;e pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One &amp;large and three small</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only differences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only files and folders can be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open DICOM files or a ZIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder of a CT study, or try the demo studies: synthetic heads of nobody.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder with DICOM files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a head CT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a study to begin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder beside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open more DICOM files or a ZIP, and leave what is open as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open one more folder, and leave what is open as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the &amp;demo studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the demo studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the demo studies that come with the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the images of the selected study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open with another program?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened beside: {studies} of {who}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other series: {note}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other series: {other_title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Our AE title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Our certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Out of range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outbox: {parts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outline the regions that influenced the score of the flagged types</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outlined: regions that influenced the score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>P&amp;rior beside it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page Down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page {number} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paint only pixels within the range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paint or grow a region and measure its volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Painted regions of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Painted regions on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Panes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parametric map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passwords and tokens go into the system&apos;s keyring and nowhere else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paths below the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paths often hold names of patients. Not remembered, the list is cleared at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient and study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patient in view: {patient_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused at {done:,} of {slices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture copied without the patient&apos;s data. {drawn_in}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pla&amp;y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play slower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play through the slices, or stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Please report it with this file:
{report}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point at something</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pooled over the series {whole}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position {more} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Position {position}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pre&amp;vious slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Remove again to forget {name}. Its studies stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press Remove again: {objects} would never be delivered.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press a key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prev&amp;ious key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous flagged slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous se&amp;ries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pri&amp;nt…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print a report of the series in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probabilities of this slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems of the input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems of the input in the menu Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of fetching</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the findings of the series in view into the outbox as DICOM objects, and send them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put what the image shows on the clipboard, as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put what the image shows on the clipboard, without the patient&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Radius of the brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Range</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;formats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;member recently opened paths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reader</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading slice {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading slices of the reformats: {done:,} of {total:,}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the tags of slice {done:,} of {total:,} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the tags of slice {missing} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the tags of {slices} …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {done:,} of {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receiver listens at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receiver&apos;s port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recently opened paths</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red&amp;o</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo {redo}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reformatted, {slab_words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Region {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regions are not smoothed in 3-D here: {refused}. Smooth slice by slice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regions do not grow in 3-D here: {refused}. Grow slice by slice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regions grow on CT only: these values are no HU. The brush paints on all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remembered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove all fetched studies that are not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the marks of new studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the selected window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove what was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repaired or doubted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repaired pixels: 12-bit values had wrapped around</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repaired, doubted, outside what the model knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report as &amp;PDF…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Research and education only. Not a medical device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset &amp;planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset all keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset this command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset zoom, position and window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results are being written already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate &amp;left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rotate &amp;right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {row}  Column {column}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SAH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SDH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save pict&amp;ure as PNG…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save resul&amp;ts as DICOM…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save results as DICOM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save series &amp;as pictures…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save series as pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the slices as a folder of PNGs or as a film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save what the image shows, or the pixels of the slice, as PNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search a DICOM node or a DICOMweb server, and fetch studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search earlier studies of the selected patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search earlier studies{who}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search its studies, or open the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search tags, names and values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching (QIDO-RS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds to wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segment {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a problem to read and copy all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select nothing, so that the next stroke begins another region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select something on this slice first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the region to erase from first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select the region to smooth first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select, move and reshape</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send &amp;results…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the selected objects now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending (STOW-RS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent: {objects}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series rule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series without description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Series {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set in {keys_set_in}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several slices at one position: {found}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Severity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift and left drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift+left drag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all slices again, not only the key objects of a selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all slices again{more}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all words on the image again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show no more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the acquired slice nearest to the crosshair, with its findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the active pane alone, or all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows head CT and the calibrated probability of five types of intracranial hemorrhage, offline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice Location of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice strip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice thickness: {found} (the model was trained on slices of about 5 mm)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice to compare with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice with the highest probability of hemorrhage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {current} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index} / {series}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index} of {series}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index} of {series}. {hidden_words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index}, in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index}: {here}. Counted: {counted}{mm}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {index}{where}: {labels}, {probability}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slice {other}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices are missing here; the bounds hold what may be on them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices could not be read, and the region ends there: {slices}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices marked as key images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slices seem to be missing: {found}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something happened that the program was not prepared for. You can go on, but what you just asked for may not have been done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sorted by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources of studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop asking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop fetching; what arrived is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop reading the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop searching</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the analysis; what was found stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stor&amp;ed results on the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored results on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored results, not of this analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Straighten</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Straighten, 1 of 2: on the axial picture, drag along the midline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Straighten, 2 of 2: on the sagittal picture, drag from the outer canthus to the ear canal.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies of the worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies over the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Studies that were found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Study without description</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Swap black and white</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch &amp;theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch between the dark and the light theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>T&amp;wo by two</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags of slice {index} of {series}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take single pixels away and fill small holes, by a majority of neighbors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the whole screen, or give it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Th&amp;inner slab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The CSV was not written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The acquired slice nearest to the crosshair, with its findings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The brush does not paint in 3-D here: {refused}. Paint slice by slice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The center is a number of HU, such as 40.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate must name the host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The document was not opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file has changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first nine have the keys 1 to 9, once the list was changed here. The command line keeps to windows.toml.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first {first} of {marked} slices marked as key images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The highest probability of any hemorrhage over all slices that were analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image itself stays on black in every theme. The size counts for its words too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys you chose are not used: {error}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last stroke still goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The measurements were not written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The measurements were not written: it was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is still being opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The most suspicious slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name of the reader is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The objects name the patient and belong to the study. Nothing in them says that a slice is free of hemorrhage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The outbox cannot be used. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The outbox was damaged. What was in it now lies at {aside}; nothing of it will be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s data among the words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s newest earlier study beside this one, where both are open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The patient&apos;s own planes through the middle of the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The picture was not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pictures were not written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The pixel spacing was estimated, and so is the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The probabilities are those of a model and no diagnosis. It misses bleeds, and it flags what is none: read the images themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The probabilities are those of a model that misses bleeds and flags what is none. {disclaimer}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region reached the limit of its growth: it may have leaked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region was changed while it was smoothed; smooth it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region was deleted while it grew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region was painted on other pixels of this slice. Begin another one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The region was painted on other pixels than it would grow on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report was not made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The report was not printed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selected problems in full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The series in view{others} hidden by the filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The slice alone, pixel for pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The slices are analyzed by themselves while you read.{go}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The slices were not read to the end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study was not fetched. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The study was not fetched. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system has no program for {kind} files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system&apos;s program for {kind} files shows it. It gets a copy that only you can read, which is deleted when you close the study or quit. It may name the patient.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The value of one pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The volume takes {memory}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole image, as large as it fits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The width is a number of HU, such as 80.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The width is at least 1 HU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The width is more than 0 HU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is another source of this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is another window of this name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nowhere to send them: add a node or a server under File, Sources first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There was no model, so nothing was analyzed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thickness {thickness_mm:g} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image alone, and all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This image brings no window of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a bug in ichviewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a whole number from 1 to 1000.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is the last slice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This model gives no maps of the regions that influenced its score</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series has no slice at the position of the linked pane.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series has not been analyzed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series lies {outside}: its probabilities count for less.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series: {note}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This series: {series_title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This slice cannot be shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This tool is for acquired slices, not for reformats.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three side by s&amp;ide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time since the first image came</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top for bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>True aspect ratio, where pixels are not square</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two &amp;below each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two &amp;side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two above each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two beside each other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Types</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertain HU: the file does not tell the rescale slope and intercept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo {undo}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uneven slice distances: {found}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unexpected error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unnamed patient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Urgency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use another model: a .keras file with its model.json</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the &amp;bundled model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version} · Python {python_version} · Qt {qversion}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version, model, licenses</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume by brus&amp;h or seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Volume of the region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W&amp;hole image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>W&amp;ords on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting or in progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting to be analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What a node that reads what arrives has found, the most urgent first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What became of the last change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What changed from version to version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is new cannot be told.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is to be sent to a node or a server, and what became of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the other viewers leave free, such as Ctrl and wheel, keeps the meaning it has here. Weasis shows a menu with the right button, which this window has not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the scanner drew into the pixels is still there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the scanner drew into the pixels themselves stays in any case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What waits is sent by itself while the window is open, also after the next start, until it is delivered or refused. Nothing is lost when the program ends.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was not sent waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was repaired, doubted or left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What&apos;s new in ichviewer {version}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which series are listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which studies are listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who asks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole image, window of the preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole series: no answer, the analysis did not come to all slices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole series: the highest of the analyzed slices, as the model has no rule for a series.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole series: the model&apos;s rule pools the analyzed slices. Thresholds are for single slices. Slices that were not analyzed have no part in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width in HU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window at start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window center and width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window from a re&amp;gion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window in n&amp;umbers…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows in order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Windows, center/width in HU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With a token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With a user and a password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the name of the reader</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the patient&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Within</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without https, the password or token crosses the network readable for everybody on the way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without patient data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words and findings hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words below each picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words on the image. They are kept and exported as they are typed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Worklist of a node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write all measurements of what is open to a {upper} file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the findings of all slices to a CSV file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the findings of the series in view as DICOM objects: report, key objects, segmentation and others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write words on the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing pictures: {done:,} of {slices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom {zoom:.0f} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>[picture] {lines}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a DICOM file without an image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a JPEG Huffman table is cut short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a child&apos;s head; the model is meant for adults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a damaged file cannot be set aside: all names are taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a field is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a file of the model cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a file of the model is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a header value is malformed and was not used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a key is given to two windows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a painted region cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a part lies outside the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a point on one arm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a point on the other arm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a receiver with TLS needs a certificate and a key of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a region cannot be grown through these slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a single slice of unknown thickness</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a slice has no pixel spacing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a slice has no position or orientation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a value is outside what CT can have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a window has either a source or a center and width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>abc2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about a second left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {seconds} min left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {seconds} s left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>again for the file&apos;s next window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all keys, and changing them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all of it is open already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all slices again, not only key objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all {studies:,} open studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an annotation cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an annotation is not what was saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an unexpected error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an unexpected error while reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an unexpected error: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an unexpected error; a report tells more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analyze again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analyzed, no flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analyzed, nothing flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>analyzing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {rest} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>angle</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>annotation</source>
        <comment>annotations</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>annotations cannot be saved: the file was replaced or deleted while it was open; start the program again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another frame of reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another object lies in this file now; open the study again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program has been opening the annotations for too long; try again, or end it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>anterior</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>any; * and ? are wildcards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>arriving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>arrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>arrow keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as it is kept already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at most {megabytes}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at or over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>axial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bidirectional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>born {birth_date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>brain, subdural and bone window side by side, or back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancel the analysis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>center/width {numbers} HU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clock differs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close all studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close the study in view only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>closes with the study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>compressed frames are not read here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrast medium seems to have been given; the model was trained without</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copy it to the next slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copy the picture with the patient&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copy the picture without the patient&apos;s data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>copy to the next slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>coronal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>count the slices of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>dark or light theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>data set</source>
        <comment>data sets</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>dates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete what is selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>delete {kind_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>documents of this type are not opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>draw stored results that were opened, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>draw with the tool, or move what it selects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>draw {kind_name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn on other pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn on other pixels: nothing is measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>drawn with another slab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ellipse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>epidural</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>erase in region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>erase in region in 3-D</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>error</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>error</source>
        <comment>errors</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>export the findings as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed, tried again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>feet</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>file</source>
        <comment>files</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>find studies over the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>first, last slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>five slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flagged, {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>flip left for right, top for bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>floating-point pixel data is not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>freehand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from 2024-01-31</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from a reformat to the nearest slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>full screen; Esc leaves it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>go to that slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grow region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>grow region in 3-D</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>growing needs too much memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hide the panels, or show them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>highest slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hold the button and draw the outline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ichviewer is free software under the Apache License 2.0. It comes with Qt for Python (LGPL-3.0), pydicom (MIT), NumPy (BSD-3-Clause), pyqtgraph (MIT), imagecodecs (BSD-3-Clause), LiteRT (Apache-2.0), the typeface Roboto (Apache-2.0) and others. The file NOTICE lists them all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ichviewer shows the slices and marks those that may show blood. Nothing leaves this computer unless you ask for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in {present:,} of {slices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>instance number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intraparenchymal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>intraventricular</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>invert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it lies across the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it lies outside of what was opened and was not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it refers to a slice of another size, and has no position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it refers to a slice that lies elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it was painted on other pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>item</source>
        <comment>items</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>its full path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its other end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its pixels are not at hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its plane has to be shown first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its posterior end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its studies were closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its study has no images that it could be shown on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key image, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>kind</source>
        <comment>kinds</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>layout: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>link panes by position, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>link the slices in view, or go by position again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>list of measurements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>magnifier under the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>max</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>maximum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>midline shift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>minimum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more has arrived since this result, and is not analyzed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>most suspicious slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move a plane, turn planes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move the crosshair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>move the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name or number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>neither a reference nor a position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next, previous flagged slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next, previous key image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next, previous pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next, previous series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no DICOM object can be made of these results, because it could not reference the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no decoder is installed for the transfer syntax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no encrypted connection can be made; does the server speak https at this port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no frame of the map lies on a slice of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no frame of the segmentation lies on a slice of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no frame says which segment it is of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no hemorrhage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no modality</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model: its findings are not judged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no object of the study came</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no pixel of the image has its center inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no pixel spacing: measured in pixels, as if they were square</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no pixel spacing; distances are in pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no position or orientation in space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no region grows from this pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no rescale slope and intercept; 1 and 0 assumed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no slice at its place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no value</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no window applies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none of the slices could be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a DICOM data set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not a DICOM file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: a derived or secondary image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: a localizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: no brain inside a skull in this slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: no head found in the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: not a CT image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: not an axial slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not analyzed: the analysis was cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not measured: a further model gave no value for the series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing can be stored in this folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing is known of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>object</source>
        <comment>objects</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>of presentation states only grayscale softcopy ones are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {slices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on no slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on {slab_words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one corner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one corner of the rectangle around it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one end of the long axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one end of the short axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one of its slices cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only [[window]] sections are known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>only this pane, or all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open a folder beside what is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open files or a ZIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open files or a ZIP beside what is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>or drop a folder, files, a ZIP or a DICOMDIR here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>our own certificate and key cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>outline regions that influenced the score, or not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>outside what the model knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over 75 % of the largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over the threshold: {types}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over {most_corners:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>page {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paint region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paint region in 3-D</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partly analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>parts of the result lie on no slice and are not shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>patient</source>
        <comment>patients</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>patients&apos; data is kept in a folder, and this is a link or a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pause the analysis, or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>pixel</source>
        <comment>pixels</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pixels without an image are left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>plane alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>play slower, faster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>play through the slices, or stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pooled over the analyzed slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>posterior</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>print a report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>probe</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>problem</source>
        <comment>problems</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>problems of the input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>queued</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reformats: axial, coronal, sagittal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reformatted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reformatted, {projection} {thickness_mm:g} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>region</source>
        <comment>regions</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>remark</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>remark</source>
        <comment>remarks</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>report as PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>results of this kind are not shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rotate right, left</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>row</source>
        <comment>rows</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>save the picture as PNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>save the results as DICOM objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>save the series as pictures or as a film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>send the results as DICOM objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>series</source>
        <comment>series</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>series is</source>
        <comment>series are</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>series was</source>
        <comment>series were</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several slices at one position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>show a series in that pane</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>slice</source>
        <comment>slices</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>slice 0000</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice distances are uneven</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice {index}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice {index} ({position})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are in different frames of reference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are not in the order of their positions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are not parallel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are not stacked along a line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are sorted by file name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices are sorted by instance number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices differ in pixel spacing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices differ in pixel spacing or orientation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices differ in rows and columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices seem to be missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slices were acquired with a tilted gantry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smooth region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>smooth region in 3-D</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>some of its slices are not open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>sources of studies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>square pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step 1 of 3, one end of A, the largest diameter on the slice of the largest area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step 1 of 3, the other end of A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step 2 of 3, one end of B, at right angles to A</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step 2 of 3, the other end of B</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>study</source>
        <comment>studies</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>study from the worklist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>study from {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>subarachnoid</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>subdural</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as 104 or 11112</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as CT</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as Doe^J*</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as PACS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as Research archive</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such as Studies on the server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>such floating-point pixels are not read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>table</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>tag</source>
        <comment>tags</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>tags of the slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the DICOMDIR names a file that is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the Dask worker ended unexpectedly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG 2000 codestream ends without its end marker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG 2000 codestream has no header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG 2000 codestream has tiles without size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG data ends before the image is complete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG data goes on after the image is complete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG frame header is cut short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG frame header names a component twice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG image has no frame header</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG image has no scan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG image has two frame headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG scan header is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JPEG scan names a component that the frame does not have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the LiteRT model cannot be loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the LiteRT runtime cannot be loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the PDF could not be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the analysis has not ended; save the results afterwards</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the annotation was changed or deleted by another program in the meantime</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the annotations cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the annotations were saved by a newer version of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the answer ended in the middle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the anterior end of the falx</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the archive could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the archive member decompresses to too much</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the archive member is not there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the axes are not at right angles</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the cache of studies is full of studies that are open; close some, or allow it more room</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the certificates of whom to trust cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the changelog could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the changelog tells of no version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the character set cannot be understood</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the color format is not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the compressed frame is too small for its image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the data folder must be a full path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the data set holds too many elements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the data set is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the decoder crashed on this file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the deflated data set is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the document is cut short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the document is empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the document is no PDF, although it says so</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the document is no table of text, although it says so</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the document is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the engine has been closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the field of view does not hold the whole head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file cannot be compared</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file cannot be written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file changed after it was listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file changed while it was read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file could not be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file ends inside an element</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file ends inside the pixel data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file has changed; open it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file holds no document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file holds no pixel data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file holds something that is no annotation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is not the one that was listed; open it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is not the one that was opened; open it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file is protected against writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file meta information is incomplete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file of annotations cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file of annotations is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the files do not tell where all slices lie, or not as one stack</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the files tell no pixel spacing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the film is too large; choose fewer slices or a folder of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the findings are of other slices; analyze again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder cannot be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder for DICOM objects cannot be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the fragments of the pixel data are damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the frame is cut short</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the frames have no size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header has too many elements</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the header is too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image does not tell right from left along the shift</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image has another size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image has more frames than can be listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image has no size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image is noisier than what the model was trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the image was compressed with loss; fine detail is altered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the images are in color, not in HU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the keys of &quot;{name}&quot; are set in {keys_set_in}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the kind of the segmentation is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the line broke</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the machine cannot be reached: no connection in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the machine refuses the connection: nothing listens at this port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the map holds no pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model cannot be opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model could not be run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model does not say</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model gave a value that is no number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model has no LiteRT form; use the keras engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model&apos;s metadata cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model&apos;s metadata is malformed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node accepts none of the services that were asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node closed the connection instead of answering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node did not accept an association</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node did not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node has no such images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node must know it by our AE title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node refuses C-ECHO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node refuses the search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node refuses to send the images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node rejects us</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the node&apos;s answer to a search cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the object cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the object lacks one of its UIDs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the opposite corner</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the other end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the outbox</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the outbox was written by a newer version of the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the outline crosses itself: its area is that of the pixels counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the outlines have too many corners to be drawn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the painted region cannot be saved: its slices do not say where in the patient they lie</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the painted region does not fit the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the painted region is of another series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the patient&apos;s earlier study beside this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the picture could not be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pictures are too large for a film; choose a folder of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pictures are too large together; choose fewer slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixel data could not be decoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixel data is cut short; missing rows are blank</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixel data is missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixel format is not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixel spacing is an estimate, and so are lengths and areas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixels are not those that were analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the pixels are not what they were a moment ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the points do not lie in this slice: nothing is measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the presentation state is about no image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the presentation state is about no slice of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the proxy that the system names cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the receiver cannot listen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the region cannot be smoothed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the region was changed or deleted by another program in the meantime</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the region was painted on other pixels of a slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the report could not be printed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the report has no content</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the report is no PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the result holds what cannot be shown here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the retrieval was cancelled</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the same image is there more than once; one is used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the scale in mm was estimated from the width of the head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the second axis is longer than the first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the segmentation does not say which value stands for 1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the segmentation has too many segments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the segmentation holds no pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the segments of a slice take too much memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the selection marks no images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the selection marks no slice of this study</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the septum pellucidum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series has a single slice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series holds images of different shape and was split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series holds several acquisitions or reconstructions and was split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the series holds slices of several patients and was split</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server does not answer in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server does not say where its objects begin and end (no boundary)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server has no study of this UID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server sends too slowly to ever end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server sent an object of another study or series than was asked for; it is not used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server wants a certificate of ours; give one and its key in the settings of this source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server&apos;s answer is no list of studies or series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server&apos;s answer makes no sense, perhaps it does not speak DICOMweb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the server&apos;s certificate is not trusted; give the certificate of the authority that issued it in the settings of this source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the slice does not hold the pixels any more that were on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the slice thickness is outside what the model was trained on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the source was not stored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the sources cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the study cannot be cached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the tags could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the tail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the tip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the transfer syntax does not fit the pixel data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the transfer syntax is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the transfer syntax is not supported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the vertex</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the volume needs too much memory: {words}, and at most half of that is taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the whole image, its actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the worker was told to stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the worklist of a node</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are no results of this series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there are such pictures already; choose another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no DICOM image here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no machine of this name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no model, so nothing was analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no picture: no slice is on screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is no report to put into a DICOM object; the window makes it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is not enough memory for this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>they were stored by another version of ichviewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>thinner, thicker slab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this cannot be used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this folder belongs to somebody else; nothing is kept in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this image alone, and everything again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a file, not a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is a folder, not a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is no DICOM file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is no DICOM object that could be sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is not a file of annotations that this program knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is not valid TOML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is one of the files that were read or found; choose another name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this kind of segmentation cannot be shown: it has no masks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this kind of segmentation cannot be shown: it is of a tiled slide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this result is of another patient and is not shown here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this result is of another study and is not shown here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this source cannot be asked over the network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>those of the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>two outputs cannot go to one file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>two slices lie at one place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>under</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>under 25 % of the largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>undo, redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>varies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>version {version!r:.20}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>warning</source>
        <comment>warnings</comment>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>what arrives cannot be stored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what is stored of them is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>where the words stand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>whole numbers were expected, the pixels are fractions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>window from a region</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>window in numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>window: across for width, up and down for center</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>words on the image: all, without the patient, none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>z of the file&apos;s Image Position</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ae_title} at {host}:{port}{tls}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{age_years:.3g} years</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{along} mm along the normal of the slices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{analyzed} analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{clear:,} without a flag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{counted} copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{dicom_objects} put into the outbox for {destination}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done:,} objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done:,} of {total:,} objects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {kinds}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ends} to {ends_2}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{failed:,} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hidden:,} hidden by the filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keras_sha256}… (SHA-256 of the .keras file)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} lists all keys and what the mouse does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label} is left out on {slices} whose pixels have changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label} {p} in slice {index}{more}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label} {p}, {where} its threshold {threshold}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{letters} of the slab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{loopback}, this machine only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{marks:,} values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{min} to {max}, {n_pixels}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ml:.1f} mL ({low_ml:.1f} to {high_ml:.1f})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{more}the panes show {shown} patients</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n:,} of {slices} was analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n:,} of {slices} were analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n_removed:,} removed.{left} Now </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is open already; nothing is opened twice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not opened. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not opened: it was cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not opened: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, from the image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, waiting to be analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}; again for the next one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{needed} of {megabytes} free memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{not_analyzed:,} not analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number:,} of {slices} not analyzed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{numbers}.{listed} The CSV names the same problems in its column “note”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} so far…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number}; the search was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{objects} could not be sent: the outbox says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{objects} in the outbox from before; sending goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{open:,} to send{more}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{other_pixels} drawn on other pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{other_series} drawn in another series</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{others} painted on other pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{pixels} on {slices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{pixels}, not measured yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{plane_name} reformat, {slab_words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{refusal}; what was dropped is neither.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{refused:,} refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{replace} is drawn on acquired slices, not on reformats.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{result_title} is not shown. {error}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{result_title}: on {slices} of this series.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rows} written to {csv}{beside}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{said}; analyzing again failed: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds:,} days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{section} reformat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{section}, straightened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{series:,} of {columns} x {rows} px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown:,} of {items}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} analyzed, not judged without a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} analyzed, {flagged:,} flagged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} could not be read and are left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} could not be read and is left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} flagged: {flagged}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{slices} flagged{highest}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{studies} newly flagged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text}, {problems} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text}. Found: {found}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{thin:g} to {thick:g} mm</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{tip}; the letters at the edges follow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} belongs to &quot;{name}&quot;; &quot;{name_2}&quot; cannot have it too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} moves between the parts of the window; &quot;{name}&quot; cannot have it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} opens the menu &quot;{opened}&quot;; &quot;{name}&quot; cannot have it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} {voi_numbers} HU (center/width)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{waiting:,} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} beside {opened}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} in place of {opened}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} written to {path}.{more}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} {mark}{ml:.1f} mL, {ml_2:.2f} times the volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words} on the reformats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words}, {failed:,} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} x {} px instead of {} x {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>≈ {words} (estimated)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>≈ {words}, estimated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>≠ differs</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
