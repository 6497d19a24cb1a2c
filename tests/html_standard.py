"""What the HTML standard allows, as far as our pages use it: elements, attributes, contents.

From the element index and the content models of https://html.spec.whatwg.org/. An element that is
not here is reported: add it with what the standard says of it.
"""


def words(text: str) -> set[str]:
    return set(text.split())


GLOBAL = words(
    """id class lang dir title hidden tabindex role accesskey autofocus inert translate spellcheck
    contenteditable enterkeyhint inputmode popover itemscope itemtype itemprop itemid itemref is
    nonce slot draggable"""
)
ATTRIBUTES = {
    "a": words("href target download rel hreflang type referrerpolicy ping"),
    "blockquote": words("cite"),
    "button": words(
        """name form disabled type value formaction formmethod formnovalidate popovertarget
        popovertargetaction command commandfor"""
    ),
    "canvas": words("width height"),
    "col": words("span"),
    "colgroup": words("span"),
    "data": words("value"),
    "del": words("cite datetime"),
    "details": words("open name"),
    "dialog": words("open closedby"),
    "fieldset": words("name form disabled"),
    "form": words("action method enctype novalidate autocomplete name target accept-charset rel"),
    "iframe": words(
        "src srcdoc name sandbox allow allowfullscreen width height referrerpolicy loading"
    ),
    "img": words(
        """src alt srcset sizes width height loading decoding fetchpriority crossorigin
        referrerpolicy usemap ismap"""
    ),
    "input": words(
        """name form disabled type value checked placeholder required readonly min max step
        minlength maxlength pattern size multiple autocomplete list accept alt src width height
        capture dirname formaction formmethod formnovalidate popovertarget popovertargetaction"""
    ),
    "ins": words("cite datetime"),
    "label": words("for"),
    "li": words("value"),
    "link": words(
        """rel href type media sizes as crossorigin hreflang integrity referrerpolicy fetchpriority
        disabled imagesrcset imagesizes color"""
    ),
    "meta": words("name content charset http-equiv property media"),
    "meter": words("value min max low high optimum"),
    "object": words("data type name form width height"),
    "ol": words("start reversed type"),
    "optgroup": words("label disabled"),
    "option": words("value selected disabled label"),
    "output": words("for form name"),
    "progress": words("value max"),
    "q": words("cite"),
    "script": words(
        "src type defer async crossorigin integrity nomodule referrerpolicy fetchpriority"
    ),
    "select": words("name form disabled size multiple required autocomplete"),
    "source": words("src srcset sizes media type width height"),
    "style": words("media"),
    "td": words("colspan rowspan headers"),
    "textarea": words(
        """name form disabled rows cols placeholder required readonly minlength maxlength wrap
        autocomplete dirname"""
    ),
    "th": words("colspan rowspan headers scope abbr"),
    "time": words("datetime"),
} | dict.fromkeys(
    words(
        """abbr address article aside b bdi bdo body br caption cite code datalist dd dfn div dl dt
        em figcaption figure footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i kbd legend main
        mark menu nav noscript p picture pre s samp search section small span strong sub summary
        sup table tbody template tfoot thead title tr u ul var wbr"""
    ),
    set(),
)

PHRASING = words(
    """a abbr b bdi bdo br button canvas cite code data datalist del dfn em i iframe img input ins
    kbd label link map mark math meter noscript object output picture progress q ruby s samp script
    select small span strong sub sup svg template textarea time u var wbr"""
)
HEADINGS = words("h1 h2 h3 h4 h5 h6 hgroup")
SECTIONING = words("article aside nav section")
FRAMING = words("header footer")
SCRIPTING = words("script template")
FLOW = (
    PHRASING
    | HEADINGS
    | SECTIONING
    | FRAMING
    | words("address blockquote details dialog div dl fieldset figure form hr main menu ol p pre")
    | words("search table ul")
)

# What each element may hold. An element that is not here may hold FLOW; TRANSPARENT ones, what
# the element around them may hold.
ONLY_PHRASING = words(
    """abbr b bdi bdo button cite code data dfn em i kbd label mark meter output p pre progress q s
    samp small span strong sub sup time u var h1 h2 h3 h4 h5 h6"""
)
NOTHING = words(
    "br col hr iframe img input link meta source wbr option script style textarea title"
)
CHILDREN = {
    **dict.fromkeys(ONLY_PHRASING, PHRASING),
    **dict.fromkeys(NOTHING, set()),
    **dict.fromkeys(words("ul ol menu"), {"li"} | SCRIPTING),
    **dict.fromkeys(words("thead tbody tfoot"), {"tr"} | SCRIPTING),
    **dict.fromkeys(words("dt th"), FLOW - HEADINGS - SECTIONING - FRAMING),
    **dict.fromkeys(words("header footer"), FLOW - FRAMING - {"main"}),
    **dict.fromkeys(words("summary legend"), PHRASING | HEADINGS),
    "html": {"head", "body"},
    "head": words("base link meta noscript script style template title"),
    "dl": words("dt dd div") | SCRIPTING,
    "table": words("caption colgroup thead tbody tfoot tr") | SCRIPTING,
    "caption": FLOW - {"table"},
    "colgroup": {"col"} | SCRIPTING,
    "tr": {"td", "th"} | SCRIPTING,
    "select": words("option optgroup hr legend") | SCRIPTING,
    "optgroup": words("option legend") | SCRIPTING,
    "datalist": PHRASING | {"option"},
    "picture": words("source img") | SCRIPTING,
    "hgroup": {"p"} | HEADINGS | SCRIPTING,
    "figure": FLOW | {"figcaption"},
    "details": FLOW | {"summary"},
    "fieldset": FLOW | {"legend"},
    "address": FLOW - HEADINGS - SECTIONING - FRAMING - {"address"},
    "form": FLOW - {"form"},
}
TRANSPARENT = words("a ins del noscript map object canvas")
FIRST_ONLY = {"legend": "fieldset", "summary": "details", "caption": "table"}

INTERACTIVE = words("a button details iframe input label select textarea")
# A link or a button is one target: nothing inside it may be another.
HOLDS_NOTHING_INTERACTIVE = {"a", "button"}
FIELDS = words("button input meter output progress select textarea")

REQUIRED = {
    "html": {"lang"},
    "iframe": {"src", "title"},
    "img": {"src", "alt"},
    "optgroup": {"label"},
    "data": {"value"},
    "meter": {"value"},
}
CHOICES = {
    ("input", "type"): words(
        """button checkbox color date datetime-local email file hidden image month number password
        radio range reset search submit tel text time url week"""
    ),
    ("button", "type"): words("submit button reset"),
    ("form", "method"): words("get post dialog"),
    ("th", "scope"): words("row col rowgroup colgroup"),
    ("img", "loading"): words("lazy eager"),
    ("iframe", "loading"): words("lazy eager"),
}
BOOLEAN = words(
    """checked disabled required readonly multiple open defer async hidden selected reversed inert
    autofocus novalidate formnovalidate nomodule"""
)
# Attributes whose value names one or more elements of the same page.
REFERENCES = words(
    """for form list headers aria-labelledby aria-describedby aria-controls aria-owns aria-details
    aria-activedescendant aria-errormessage aria-flowto popovertarget commandfor"""
)
# HTML, "The time element": what a machine must be able to read, as far as we use it.
TIME_OF_DAY = r"\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?"
TIME = rf"\d{{4}}(-\d{{2}}(-\d{{2}}([T ]{TIME_OF_DAY})?)?)?|P[\dDTHMS]+"

# WAI-ARIA 1.2: its states and properties, and the roles that authors may give.
ARIA = words(
    """activedescendant atomic autocomplete braillelabel brailleroledescription busy checked
    colcount colindex colspan controls current describedby description details disabled
    errormessage expanded flowto haspopup hidden invalid keyshortcuts label labelledby level live
    modal multiline multiselectable orientation owns placeholder posinset pressed readonly relevant
    required roledescription rowcount rowindex rowspan selected setsize sort valuemax valuemin
    valuenow valuetext"""
)
ROLES = words(
    """alert alertdialog application article banner blockquote button caption cell checkbox code
    columnheader combobox complementary contentinfo definition deletion dialog document emphasis
    feed figure form generic grid gridcell group heading img insertion link list listbox listitem
    log main mark marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation
    none note option paragraph presentation progressbar radio radiogroup region row rowgroup
    rowheader scrollbar search searchbox separator slider spinbutton status strong subscript
    superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree
    treegrid treeitem"""
)
