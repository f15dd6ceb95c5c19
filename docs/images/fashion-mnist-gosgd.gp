# Draws fashion-mnist-gosgd.png from the table beside it:   gnuplot fashion-mnist-gosgd.gp
set terminal pngcairo size 960,480 font "sans,12" background "#ffffff"
set output "fashion-mnist-gosgd.png"
set xlabel "epochs (passes of all four peers together over the training set)"
set ylabel "test accuracy"
set yrange [0.78:0.93]
set xrange [1:8]
set grid ytics lc "#dddddd"
set border 3
set tics nomirror
set bmargin 7
set key at screen 0.5, screen 0.1 center horizontal
file = "fashion-mnist-gosgd.tsv"
plot file using 1:3:4 with filledcurves fc "#0072b2" fs transparent solid 0.2 title "peers, gossip p = 0.1", \
     file using 1:6:7 with filledcurves fc "#d55e00" fs transparent solid 0.2 title "peers, no gossip", \
     file using 1:2 with linespoints lw 2 pt 7 lc "#0072b2" title "their average, gossip", \
     file using 1:5 with linespoints lw 2 pt 5 lc "#d55e00" title "their average, no gossip"
