// The made-up operator's page: its language, its theme and its buttons that open the chat.
const page = document.documentElement;
document.getElementById("language").onclick = () => {
  page.lang = page.lang === "ru" ? "en" : "ru";
  document.title = page.lang === "ru" ? "Волна Мобайл" : "Volna Mobile";
  window.Teplo?.setLanguage(page.lang);
};
document.getElementById("theme").onclick = () => {
  page.dataset.theme = page.dataset.theme === "dark" ? "light" : "dark";
};
if (matchMedia("(prefers-color-scheme: dark)").matches) page.dataset.theme = "dark";
for (const button of document.querySelectorAll(".chat")) button.onclick = () => window.Teplo?.open();
for (const button of document.querySelectorAll(".call")) button.onclick = () => window.Teplo?.call();
document.addEventListener("teplo:language", (event) => (page.lang = event.detail));
