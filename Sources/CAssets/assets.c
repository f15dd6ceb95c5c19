#include "cassets.h"

// #embed takes 4 s for the chart library; SwiftPM's own way of embedding takes a minute for it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char report_style[] = {
#embed "report.css" suffix(, 0)
};

static const unsigned char report_script[] = {
#embed "report.js" suffix(, 0)
};

static const unsigned char dashboard_page[] = {
#embed "dashboard.html" suffix(, 0)
};

static const unsigned char dashboard_style[] = {
#embed "dashboard.css" suffix(, 0)
};

static const unsigned char dashboard_script[] = {
#embed "dashboard.js" suffix(, 0)
};

static const unsigned char dygraphs_style[] = {
#if __has_embed("/usr/share/javascript/dygraphs/dygraph.min.css")
#embed "/usr/share/javascript/dygraphs/dygraph.min.css" suffix(, 0)
#else
    0
#endif
};

static const unsigned char dygraphs_script[] = {
#if __has_embed("/usr/share/javascript/dygraphs/dygraph.min.js")
#embed "/usr/share/javascript/dygraphs/dygraph.min.js" suffix(, 0)
#else
    0
#endif
};

const char *cassets_report_style(void) { return (const char *)report_style; }
const char *cassets_report_script(void) { return (const char *)report_script; }
const char *cassets_dashboard_page(void) { return (const char *)dashboard_page; }
const char *cassets_dashboard_style(void) { return (const char *)dashboard_style; }
const char *cassets_dashboard_script(void) { return (const char *)dashboard_script; }
const char *cassets_dygraphs_style(void) { return (const char *)dygraphs_style; }
const char *cassets_dygraphs_script(void) { return (const char *)dygraphs_script; }
