#pragma once

// Texts that the program carries within itself, so that it may be moved and needs no file beside it. Each is UTF-8 and
// ends with a zero; a text that was absent when the program was built is empty.

/// The style and the script of reports, our own.
const char *cassets_report_style(void);
const char *cassets_report_script(void);

/// The page, the style and the script of the dashboard, our own.
const char *cassets_dashboard_page(void);
const char *cassets_dashboard_style(void);
const char *cassets_dashboard_script(void);

/// The chart library dygraphs (MIT), from Debian's libjs-dygraphs.
const char *cassets_dygraphs_style(void);
const char *cassets_dygraphs_script(void);

/// The experiments of the folder Experiments, by their number from 0: their names and their files.
int cassets_experiment_count(void);
const char *cassets_experiment_name(int number);
const char *cassets_experiment_text(int number);
