"""Positions of spines on the drawn branches: (x, y, angle in degrees), placed by hand."""

OLDER_SITES = [
    (78, 158, 63),
    (187, 212, 144),
    (298, 91, -53),
    (325, 227, 68),
    (203, 172, -39),
    (126, 237, -29),
    (304, 206, -137),
    (326, 50, -56),
    (237, 166, 144),
    (299, 194, 35),
    (73, 305, 141),
    (57, 132, -103),
]
"""On the branch of the scenes, at the start. The last are lost first."""

NEWER_SITES = [
    (251, 132, -45),
    (54, 95, 76),
    (118, 269, 153),
    (36, 306, -41),
    (318, 87, 120),
    (89, 200, -121),
    (280, 128, 138),
    (51, 56, -76),
    (57, 42, 99),
    (40, 337, 140),
    (156, 242, 136),
    (330, 251, -99),
]
"""Where others were lost before, on the branch of the scenes; new spines come from the first on."""

OLDER_SITES_SIDE_BY_SIDE = [
    (300.2, -3.3, -8),
    (163.2, 10.7, 183),
    (33.1, -10, -12),
    (250.1, -7.6, 3),
    (113.7, 10.2, -179),
    (324.7, 10.1, 180),
    (185.6, -7.3, -12),
    (60.7, 5.2, -176),
    (269.5, 9.6, -167),
    (138.6, -3.9, 4),
    (219.4, 5.6, 185),
    (85.6, -9.5, 12),
]
"""On each branch of the growth figure, at the start. The last are lost first."""

NEWER_SITES_SIDE_BY_SIDE = [
    (220.4, -10.2, 2),
    (114.7, -5.9, 2),
    (270.5, -6.1, 2),
    (61.7, -11.2, 2),
    (164.2, -5.4, 2),
    (325.7, -5.6, 2),
    (86.6, 6.8, 180),
    (186.6, 8.5, 180),
    (301.2, 12.2, 180),
    (34.1, 7.0, 180),
    (139.6, 12.2, 180),
    (251.1, 8.1, 180),
]
"""Opposite the older ones, in the order in which new spines come."""
