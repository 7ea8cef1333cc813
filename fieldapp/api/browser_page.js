(function () {
  var body = document.body, page = location, path = page.pathname;
  if (path.indexOf("/m") !== 0) path = page.hash ? "/m/join/" : "/m/";
  var link = (body.getAttribute("data-origin") || page.protocol + "//" + page.host) + path + page.search + page.hash;
  var field = document.getElementById("link"), copy = document.getElementById("copy"), open = document.getElementById("open");
  var android = /Android/.test(navigator.userAgent), reason = body.getAttribute("data-reason");
  field.value = link;
  document.getElementById("take").removeAttribute("hidden");
  if (reason === "in_app" && android) {
    open.href = "intent" + link.slice(link.indexOf("://")) + "#Intent;scheme=https;package=com.android.chrome;end";
    open.innerHTML = body.getAttribute("data-chrome");
    open.removeAttribute("hidden");
  } else if (reason === "insecure" && body.getAttribute("data-origin")) {
    open.href = link;
    open.removeAttribute("hidden");
  }
  copy.onclick = function () {
    field.focus();
    field.setSelectionRange(0, link.length);
    try { document.execCommand("copy"); } catch (error) {}
    if (navigator.clipboard) navigator.clipboard.writeText(link);
    copy.innerHTML = copy.getAttribute("data-copied");
  };
})();
